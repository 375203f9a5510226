-- Orders and their payments, made from the customers and the order lines.

CREATE TYPE order_status AS ENUM ('placed', 'paid', 'packed', 'shipped', 'delivered', 'returned', 'cancelled');

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY,
  number text NOT NULL,
  customer_id bigint NOT NULL,
  status order_status NOT NULL,
  total numeric(10,2) NOT NULL,
  delivery_address text NOT NULL,
  client_ip inet NOT NULL,
  placed_at timestamptz NOT NULL
);
COMMENT ON TABLE orders IS 'One row for each order, from the first click on Buy';
COMMENT ON COLUMN orders.number IS 'What customers quote; printed on the invoice';
COMMENT ON COLUMN orders.delivery_address IS 'Copied from the customer when ordering: later moves do not change it';
COMMENT ON COLUMN orders.client_ip IS 'Kept 90 days against fraud';

-- Rows are read in the order of the key, so that they are stored in it.
INSERT INTO orders (id, number, customer_id, status, total, delivery_address, client_ip, placed_at)
OVERRIDING SYSTEM VALUE
SELECT t.order_id, 'S-' || (100000 + t.order_id)::text, c.id,
  CASE WHEN t.order_id > 99700 THEN ('{placed,paid,packed,shipped}'::order_status[])[1 + pg_temp.pick(t.order_id, 81, 4)]
    ELSE ('{delivered,delivered,delivered,delivered,delivered,delivered,delivered,returned,cancelled}'::order_status[])[1 + pg_temp.pick(t.order_id, 82, 9)]
    END,
  t.total,
  c.first_name || ' ' || c.last_name || ', ' || c.street || ', ' || c.postal_code || ' ' || c.city || ', ' || c.country,
  ('{192.0.2.0,198.51.100.0,203.0.113.0}'::inet[])[1 + pg_temp.pick(t.order_id, 83, 3)] + pg_temp.pick(t.order_id, 84, 255),
  timestamptz '2023-11-01 06:00Z' + (t.order_id * 945 + pg_temp.pick(t.order_id, 85, 900)) * interval '1 second'
FROM (SELECT order_id, sum(quantity * unit_price) AS total FROM order_items GROUP BY order_id) AS t
JOIN customers c ON c.id = 1 + pg_temp.pick_low(t.order_id, 86, 24000);
ALTER TABLE orders ALTER id RESTART WITH 100001;
ALTER TABLE orders ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES customers;
CREATE UNIQUE INDEX orders_number_key ON orders (number);
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders, ADD FOREIGN KEY (product_id) REFERENCES products;

CREATE TABLE payments (
  id bigint GENERATED ALWAYS AS IDENTITY,
  order_id bigint NOT NULL,
  method text NOT NULL,
  amount numeric(10,2) NOT NULL,
  card_last_digits char(4),
  payer_email text NOT NULL,
  gateway_reference text NOT NULL,
  captured_at timestamptz
);
COMMENT ON TABLE payments IS 'What the payment gateway told us about each order';
COMMENT ON COLUMN payments.card_last_digits IS 'Null unless paid by card';
COMMENT ON COLUMN payments.captured_at IS 'Null while the money is only reserved, and for cancelled orders';

INSERT INTO payments (order_id, method, amount, card_last_digits, payer_email, gateway_reference, captured_at)
SELECT o.id, CASE WHEN p.id IS NULL THEN (ARRAY['invoice','transfer'])[1 + pg_temp.pick(o.id, 91, 2)] ELSE 'card' END,
  o.total, p.last_digits, c.email, 'gw_' || md5('payment ' || o.id),
  CASE WHEN o.status NOT IN ('placed', 'cancelled') THEN o.placed_at + pg_temp.pick(o.id, 92, 5000) * interval '1 second' END
FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN payment_cards p ON p.customer_id = c.id
ORDER BY o.id;
ALTER TABLE payments ADD PRIMARY KEY (id), ADD FOREIGN KEY (order_id) REFERENCES orders;
CREATE INDEX payments_order_id_idx ON payments (order_id);

CREATE VIEW sales_by_month AS
  SELECT date_trunc('month', o.placed_at AT TIME ZONE 'UTC')::date AS month, p.category,
    sum(i.quantity) AS pieces, sum(i.quantity * i.unit_price) AS revenue
  FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
  WHERE o.status <> 'cancelled' GROUP BY 1, 2;
COMMENT ON VIEW sales_by_month IS 'Pieces and revenue by month and category, without cancelled orders';
