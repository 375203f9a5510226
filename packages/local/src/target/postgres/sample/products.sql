-- What the shop sells, and the lines of all orders. Runs beside customers.sql, on a connection of its own.

CREATE TABLE products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(10,2) NOT NULL CHECK (price > 0),
  stock integer NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE products IS 'What the shop sells';
COMMENT ON COLUMN products.price IS 'Gross, in euro';
COMMENT ON COLUMN products.attributes IS 'Colour and weight, as the supplier delivers them';

INSERT INTO products (sku, name, category, price, stock, attributes, active)
SELECT upper(left(kind, 3)) || '-' || lpad(i::text, 4, '0'),
  (ARRAY['Plain','Nordic','Harbour','Classic','Alpine','Folding','Little','Everyday','Heavy','Midnight'])[1 + pg_temp.pick(i, 61, 10)] || ' ' || kind,
  (ARRAY['Kitchen','Garden','Office','Travel'])[1 + (i - 1) % 4],
  4.9 + pg_temp.pick_low(i, 62, 240) + pg_temp.pick(i, 63, 2) * 0.05,
  pg_temp.pick(i, 64, 900),
  jsonb_build_object('colour', (ARRAY['white','oak','blue','graphite','red'])[1 + pg_temp.pick(i, 65, 5)],
                     'weight_grams', 50 + pg_temp.pick(i, 66, 6000)),
  pg_temp.pick(i, 67, 25) > 0
FROM generate_series(1, 640) AS i,
  LATERAL (SELECT (ARRAY['Kettle','Watering Can','Desk Lamp','Backpack','Chef Knife','Garden Bench','Notebook','Travel Mug',
    'Cutting Board','Plant Pot','Pen Holder','Rain Jacket','Tea Pot','Hose Reel','Monitor Stand','Suitcase'])[1 + (i - 1) % 16] AS kind) AS k;

CREATE TABLE order_items (
  order_id bigint NOT NULL,
  line smallint NOT NULL,
  product_id bigint NOT NULL,
  quantity smallint NOT NULL CHECK (quantity > 0),
  unit_price numeric(10,2) NOT NULL
);
COMMENT ON TABLE order_items IS 'Lines of an order, with the price at the time of ordering';

INSERT INTO order_items
SELECT i, line, p.id, 1 + pg_temp.pick_low(i * 8 + line, 71, 4), p.price
FROM generate_series(1, 100000) AS i
CROSS JOIN generate_series(1, 1 + pg_temp.pick_low(i, 72, 5)) AS line
JOIN products p ON p.id = 1 + pg_temp.pick_low(i * 8 + line, 73, 640);
ALTER TABLE order_items ADD PRIMARY KEY (order_id, line);
-- Known sizes let the orders be made from the lines in the order of their key.
ANALYZE order_items;
