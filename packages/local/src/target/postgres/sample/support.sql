-- Customer care: its texts mention mail addresses and phone numbers, as real ones do.

CREATE SCHEMA support;
COMMENT ON SCHEMA support IS 'Customer care';

CREATE TABLE support.tickets (
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  order_id bigint,
  subject text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'waiting', 'solved')),
  assigned_to text NOT NULL,
  opened_at timestamptz NOT NULL
);
COMMENT ON TABLE support.tickets IS 'One row for each question of a customer';
COMMENT ON COLUMN support.tickets.assigned_to IS 'Mail address of the colleague who answers';

INSERT INTO support.tickets (customer_id, order_id, subject, state, assigned_to, opened_at)
SELECT o.customer_id, o.id,
  (ARRAY['Where is my parcel?','Wrong colour delivered','Invoice with our company name','Refund has not arrived',
    'Change of delivery address','Card was charged twice','Cannot log in'])[1 + pg_temp.pick(i, 101, 7)] || ' (' || o.number || ')',
  CASE WHEN i > 7800 THEN (ARRAY['open','waiting'])[1 + pg_temp.pick(i, 102, 2)] ELSE 'solved' END,
  (ARRAY['care.mina@example.com','care.joao@example.com','care.petra@example.com'])[1 + pg_temp.pick(i, 103, 3)],
  o.placed_at + (1 + pg_temp.pick(i, 104, 200)) * interval '1 hour'
FROM generate_series(1, 8000) AS i JOIN orders o ON o.id = i * 12 + pg_temp.pick(i, 105, 12) + 1
ORDER BY i;
ALTER TABLE support.tickets ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES customers,
  ADD FOREIGN KEY (order_id) REFERENCES orders;
CREATE INDEX tickets_customer_id_idx ON support.tickets (customer_id);

CREATE TABLE support.messages (
  id bigint GENERATED ALWAYS AS IDENTITY,
  ticket_id bigint NOT NULL,
  from_customer boolean NOT NULL,
  body text NOT NULL,
  sent_at timestamptz NOT NULL
);
COMMENT ON TABLE support.messages IS 'What customer and customer care wrote, in order';
COMMENT ON COLUMN support.messages.body IS 'Free text: names, mail addresses and phone numbers occur in it';

INSERT INTO support.messages (ticket_id, from_customer, body, sent_at)
SELECT t.id, turn % 2 = 1,
  CASE WHEN turn % 2 = 1 THEN format((ARRAY[
      'Hello, I am writing about my order %1$s. Please answer to %2$s, I do not read the other address any more. %3$s',
      'This is my second mail about %1$s! You can reach me at %4$s or %2$s. %3$s',
      'Could you please send the invoice of %1$s to %2$s and to accounting@example.org? Thank you, %3$s',
      'I never got the confirmation of %1$s. My address is still %2$s. Regards, %3$s'])[1 + pg_temp.pick(t.id * 4 + turn, 111, 4)],
      o.number, c.email, c.first_name || ' ' || c.last_name, coalesce(c.phone, c.email))
    ELSE format((ARRAY[
      'Dear %2$s, thank you for your message. We have asked the carrier about %1$s and will write to %3$s.',
      'Dear %2$s, the refund of %1$s went out today to the card you paid with. A copy goes to %3$s.',
      'Dear %2$s, I have corrected the address of %1$s. Kind regards, customer care (care@example.com)'])[1 + pg_temp.pick(t.id * 4 + turn, 112, 3)],
      o.number, c.first_name, c.email) END,
  t.opened_at + turn * interval '5 hours'
FROM support.tickets t JOIN customers c ON c.id = t.customer_id JOIN orders o ON o.id = t.order_id,
  generate_series(1, 1 + pg_temp.pick(t.id, 113, 4)) AS turn
ORDER BY t.id, turn;
ALTER TABLE support.messages ADD PRIMARY KEY (id), ADD FOREIGN KEY (ticket_id) REFERENCES support.tickets;
CREATE INDEX messages_ticket_id_idx ON support.messages (ticket_id);
