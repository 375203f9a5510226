-- The help desk: who writes to us, what about, and who answers. Texts mention mail addresses and phone numbers, as real
-- ones do. The dice are hashes of row number and salt, so the same rows come out on every machine.

CREATE TABLE agents (
  id int AUTO_INCREMENT PRIMARY KEY COMMENT 'Number on the agent''s badge',
  name varchar(80) NOT NULL,
  email varchar(120) NOT NULL UNIQUE,
  team enum('first line', 'billing', 'technical') NOT NULL,
  hired_on date NOT NULL
) COMMENT 'Colleagues who answer';

INSERT INTO agents (name, email, team, hired_on)
SELECT CONCAT('Agent ', seq), CONCAT('agent', seq, '@example.com'), ELT(1 + seq % 3, 'first line', 'billing', 'technical'),
  '2019-01-07' + INTERVAL CRC32(CONCAT(seq, ':hired')) % 2400 DAY
FROM seq_1_to_24;

CREATE TABLE contacts (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  first_name varchar(40) NOT NULL,
  last_name varchar(40) NOT NULL,
  email varchar(120) NOT NULL COMMENT 'Answers go here',
  phone varchar(30) COMMENT 'As the person typed it',
  language char(2) NOT NULL COMMENT 'ISO 639-1',
  note text COMMENT 'Free text of an agent; may hold personal data',
  created_at datetime NOT NULL,
  UNIQUE KEY contacts_email (email)
) COMMENT 'People who wrote to us';

INSERT INTO contacts (first_name, last_name, email, phone, language, note, created_at)
SELECT first_name, last_name, LOWER(CONCAT(first_name, '.', last_name, seq, '@example.', ELT(1 + dice % 3, 'com', 'net', 'org'))),
  CASE dice % 4 WHEN 0 THEN NULL WHEN 1 THEN CONCAT('+1 ', 201 + dice % 700, '-555-01', LPAD(dice % 97, 2, '0'))
    WHEN 2 THEN CONCAT('+44 20 7946 0', LPAD(dice % 997, 3, '0')) ELSE CONCAT('+49 30 23125 ', LPAD(dice % 991, 3, '0')) END,
  ELT(1 + dice % 5, 'en', 'en', 'de', 'fr', 'es'),
  CASE WHEN dice % 29 = 0 THEN CONCAT('Prefers calls after 17:00, at work: desk', seq, '@example.org') END,
  '2023-01-02 08:00:00' + INTERVAL seq * 4 HOUR
FROM (
  SELECT seq, CRC32(CONCAT(seq, ':contact')) AS dice,
    ELT(1 + CRC32(CONCAT(seq, ':first')) % 24, 'Aiko', 'Alba', 'Amara', 'Anouk', 'Bram', 'Chidi', 'Dilek', 'Elif', 'Emil', 'Finn',
      'Hana', 'Ida', 'Jasper', 'Kwame', 'Leila', 'Mads', 'Mila', 'Niamh', 'Petra', 'Ravi', 'Sanne', 'Tariq', 'Vera', 'Yusuf') AS first_name,
    ELT(1 + CRC32(CONCAT(seq, ':last')) % 24, 'Aalto', 'Abara', 'Bakker', 'Becker', 'Byrne', 'Costa', 'Dahl', 'Demir', 'Diallo', 'Farkas',
      'Gruber', 'Hansen', 'Ishikawa', 'Joshi', 'Kaya', 'Lindgren', 'Marino', 'Nowak', 'Okafor', 'Patel', 'Quinn', 'Ruiz', 'Svensson', 'Walsh') AS last_name
  FROM seq_1_to_6000
) AS drawn;

CREATE TABLE conversations (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  contact_id bigint NOT NULL,
  agent_id int,
  subject varchar(120) NOT NULL,
  channel enum('mail', 'chat', 'phone') NOT NULL,
  state enum('open', 'waiting', 'solved') NOT NULL,
  opened_at datetime NOT NULL,
  KEY conversations_contact (contact_id),
  CONSTRAINT conversations_contact_fk FOREIGN KEY (contact_id) REFERENCES contacts (id),
  CONSTRAINT conversations_agent_fk FOREIGN KEY (agent_id) REFERENCES agents (id)
) COMMENT 'One row for each matter that somebody wrote about';

INSERT INTO conversations (contact_id, agent_id, subject, channel, state, opened_at)
SELECT 1 + dice % 6000, CASE WHEN seq <= 11800 OR dice % 2 = 0 THEN 1 + dice % 24 END,
  ELT(1 + CRC32(CONCAT(seq, ':subject')) % 6, 'Cannot sign in', 'Invoice is missing', 'Change of address', 'Parcel has not arrived',
    'Please delete my account', 'Wrong amount charged'),
  ELT(1 + dice % 3, 'mail', 'chat', 'phone'), CASE WHEN seq > 11800 THEN ELT(1 + dice % 2, 'open', 'waiting') ELSE 'solved' END,
  '2024-01-01 07:00:00' + INTERVAL seq * 80 MINUTE
FROM (SELECT seq, CRC32(CONCAT(seq, ':conversation')) AS dice FROM seq_1_to_12000) AS drawn;

CREATE TABLE messages (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  conversation_id bigint NOT NULL,
  from_contact boolean NOT NULL,
  body text NOT NULL COMMENT 'Names, mail addresses and phone numbers occur in it',
  sent_at datetime NOT NULL,
  KEY messages_conversation (conversation_id),
  CONSTRAINT messages_conversation_fk FOREIGN KEY (conversation_id) REFERENCES conversations (id)
) COMMENT 'What was written, in order';

INSERT INTO messages (conversation_id, from_contact, body, sent_at)
SELECT c.id, turn.seq % 2 = 1,
  CASE WHEN turn.seq % 2 = 1
    THEN CONCAT('Hello, about "', c.subject, '": please answer to ', p.email, COALESCE(CONCAT(' or call ', p.phone), ''), '. ', p.first_name, ' ', p.last_name)
    ELSE CONCAT('Dear ', p.first_name, ', thank you. We have looked into it and will write to ', p.email, '.') END,
  c.opened_at + INTERVAL turn.seq * 5 HOUR
FROM conversations c JOIN contacts p ON p.id = c.contact_id JOIN seq_1_to_4 AS turn
WHERE turn.seq <= 1 + CRC32(CONCAT(c.id, ':turns')) % 4
ORDER BY c.id, turn.seq;

CREATE VIEW open_conversations AS
SELECT c.id, c.subject, c.channel, c.state, a.name AS agent, c.opened_at
FROM conversations c LEFT JOIN agents a ON a.id = c.agent_id WHERE c.state <> 'solved';
