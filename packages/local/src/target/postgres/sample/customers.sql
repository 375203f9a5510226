-- The people who buy in the shop, and their cards. Runs as the shop's own role, in one transaction.

CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY,
  first_name text NOT NULL,
  last_name text NOT NULL,
  email text NOT NULL,
  phone text,
  date_of_birth date,
  street text NOT NULL,
  postal_code text NOT NULL,
  city text NOT NULL,
  country char(2) NOT NULL,
  newsletter boolean NOT NULL DEFAULT false,
  loyalty_points integer NOT NULL DEFAULT 0,
  note text,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE customers IS 'People who have an account in the shop';
COMMENT ON COLUMN customers.email IS 'Login name and address for order mails; unique';
COMMENT ON COLUMN customers.phone IS 'For the carrier, as the customer typed it';
COMMENT ON COLUMN customers.date_of_birth IS 'Given voluntarily, for the birthday voucher';
COMMENT ON COLUMN customers.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN customers.note IS 'Free text by customer care; may hold personal data';

WITH drawn AS MATERIALIZED (
  SELECT i, pg_temp.first_name(i) AS first_name, pg_temp.last_name(i) AS last_name,
    (ARRAY['US','US','GB','DE','DE','FR'])[1 + pg_temp.pick(i, 31, 6)] AS country
  FROM generate_series(1, 24000) AS i
)
INSERT INTO customers (first_name, last_name, email, phone, date_of_birth, street, postal_code, city, country,
                       newsletter, loyalty_points, note, created_at)
SELECT first_name, last_name,
  pg_temp.plain(first_name) || (ARRAY['.','_',''])[1 + pg_temp.pick(i, 32, 3)] || pg_temp.plain(last_name) || i
    || '@' || (ARRAY['example.com','example.com','example.net','example.org','mail.example'])[1 + pg_temp.pick(i, 33, 5)],
  CASE WHEN pg_temp.pick(i, 34, 8) > 0 THEN pg_temp.phone(i, country) END,
  CASE WHEN pg_temp.pick(i, 35, 4) > 0 THEN date '1948-01-01' + pg_temp.pick(i, 36, 21500)::int END,
  (1 + pg_temp.pick(i, 37, 180)) || ' ' || (ARRAY['Mill Lane','Harbour Road','Station Street','Garden Walk','Chestnut Avenue',
    'North Quay','Old Market','River Terrace','Bakery Yard','Linden Row','Chapel Hill','Lighthouse Way'])[1 + pg_temp.pick(i, 38, 12)],
  pg_temp.digits(i, 39, 5),
  CASE country
    WHEN 'US' THEN (ARRAY['Portland','Austin','Columbus','Denver','Madison','Savannah'])[1 + pg_temp.pick(i, 40, 6)]
    WHEN 'GB' THEN (ARRAY['London','Leeds','Bristol','Cardiff','Dundee'])[1 + pg_temp.pick(i, 40, 5)]
    WHEN 'FR' THEN (ARRAY['Lyon','Nantes','Lille','Rennes','Paris'])[1 + pg_temp.pick(i, 40, 5)]
    ELSE (ARRAY['Berlin','Köln','Leipzig','Bremen','Freiburg','München'])[1 + pg_temp.pick(i, 40, 6)] END,
  country,
  pg_temp.pick(i, 41, 5) < 2,
  pg_temp.pick_low(i, 42, 9000),
  CASE pg_temp.pick(i, 43, 40)
    WHEN 0 THEN 'Prefers a call to ' || pg_temp.phone(i, country) || ' before delivery'
    WHEN 1 THEN 'Invoice copies to ' || pg_temp.plain(last_name) || '.office@example.com'
    WHEN 2 THEN 'Leave parcels with the neighbour' END,
  timestamptz '2022-01-03 08:00Z' + i * interval '95 minutes' + pg_temp.pick(i, 44, 5400) * interval '1 second'
FROM drawn;
ALTER TABLE customers ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX customers_email_key ON customers (email);
CREATE INDEX customers_last_name_idx ON customers (last_name);

CREATE TABLE payment_cards (
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  holder_name text NOT NULL,
  brand text NOT NULL,
  card_number text NOT NULL,
  last_digits char(4) NOT NULL,
  expires_on date NOT NULL
);
COMMENT ON TABLE payment_cards IS 'Cards that customers saved for their next order';
COMMENT ON COLUMN payment_cards.card_number IS 'Full card number, kept by the old checkout; made up, but passes the Luhn check';
COMMENT ON COLUMN payment_cards.last_digits IS 'Last four digits, shown in the checkout';

WITH drawn AS MATERIALIZED (
  SELECT id, first_name || ' ' || last_name AS holder,
    (ARRAY['4000','4000','5200'])[1 + pg_temp.pick(id, 51, 3)] || pg_temp.digits(id, 52, 11) AS stem
  FROM customers WHERE pg_temp.pick(id, 53, 6) > 0
), numbered AS MATERIALIZED (
  SELECT id, holder, pg_temp.with_check_digit(stem) AS number FROM drawn
)
INSERT INTO payment_cards (customer_id, holder_name, brand, card_number, last_digits, expires_on)
SELECT id, holder, CASE WHEN number LIKE '4%' THEN 'Visa' ELSE 'Mastercard' END, number, right(number, 4),
  date '2027-01-31' + pg_temp.pick(id, 54, 1500)::int
FROM numbered;
ALTER TABLE payment_cards ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES customers;
CREATE INDEX payment_cards_customer_id_idx ON payment_cards (customer_id);
