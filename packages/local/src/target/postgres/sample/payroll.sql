-- What the people of the company earn, and where it is paid to. Runs as the payroll's own role.

CREATE TABLE departments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  cost_centre text NOT NULL
);
COMMENT ON TABLE departments IS 'Where people work';
INSERT INTO departments (name, cost_centre)
SELECT name, 'CC-' || (1000 + at * 10)
FROM unnest(ARRAY['Engineering','Customer Care','Warehouse','Finance','Marketing','People']) WITH ORDINALITY AS d (name, at);

CREATE TABLE employees (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_number text NOT NULL UNIQUE,
  first_name text NOT NULL,
  last_name text NOT NULL,
  work_email text NOT NULL UNIQUE,
  private_email text,
  phone text NOT NULL,
  date_of_birth date NOT NULL,
  tax_number text NOT NULL,
  department_id integer NOT NULL REFERENCES departments,
  manager_id bigint,
  hired_on date NOT NULL,
  left_on date
);
COMMENT ON TABLE employees IS 'Everyone who is or was employed';
COMMENT ON COLUMN employees.tax_number IS 'Eleven digits; made up';
COMMENT ON COLUMN employees.left_on IS 'Null while employed';

INSERT INTO employees (staff_number, first_name, last_name, work_email, private_email, phone, date_of_birth, tax_number,
                       department_id, manager_id, hired_on, left_on)
SELECT 'E' || lpad(i::text, 5, '0'), first_name, last_name,
  pg_temp.plain(first_name) || '.' || pg_temp.plain(last_name) || i || '@shop.example',
  CASE WHEN pg_temp.pick(i, 201, 3) > 0 THEN pg_temp.plain(first_name) || pg_temp.digits(i, 202, 3) || '@example.net' END,
  pg_temp.phone(i, 'DE'), date '1961-05-01' + pg_temp.pick(i, 203, 15500)::int, '9' || pg_temp.digits(i, 204, 10),
  1 + pg_temp.pick_low(i, 205, 6), CASE WHEN i > 6 THEN 1 + pg_temp.pick(i, 206, 6) END,
  date '2014-01-06' + (i * 10), CASE WHEN pg_temp.pick(i, 207, 9) = 0 THEN date '2026-01-31' + pg_temp.pick(i, 208, 240)::int END
FROM generate_series(1, 420) AS i,
  LATERAL (SELECT pg_temp.first_name(i + 70000) AS first_name, pg_temp.last_name(i + 70000) AS last_name) AS n;
ALTER TABLE employees ADD FOREIGN KEY (manager_id) REFERENCES employees;

CREATE TABLE salaries (
  employee_id bigint NOT NULL REFERENCES employees,
  valid_from date NOT NULL,
  yearly_gross numeric(10,2) NOT NULL,
  bonus_percent numeric(4,1) NOT NULL,
  PRIMARY KEY (employee_id, valid_from)
);
COMMENT ON TABLE salaries IS 'Agreed pay, one row for each change';
COMMENT ON COLUMN salaries.yearly_gross IS 'In euro, twelve payments';

INSERT INTO salaries
SELECT e.id, (e.hired_on + raise * interval '1 year')::date,
  round((34000 + pg_temp.pick_low(e.id, 211, 90000)) * (1 + raise * 0.031), -2), pg_temp.pick(e.id, 212, 21)
FROM employees e, generate_series(0, least(4, extract(year FROM age(date '2026-10-31', e.hired_on))::int)) AS raise;

CREATE TABLE bank_accounts (
  employee_id bigint PRIMARY KEY REFERENCES employees,
  holder_name text NOT NULL,
  iban text NOT NULL
);
COMMENT ON TABLE bank_accounts IS 'Where salaries are paid to';
COMMENT ON COLUMN bank_accounts.iban IS 'Made up, with valid check digits (ISO 13616)';

INSERT INTO bank_accounts
SELECT e.id, e.first_name || ' ' || e.last_name,
  'DE' || lpad((98 - (number || '131400')::numeric % 97)::text, 2, '0') || number
FROM employees e, LATERAL (SELECT '99999999' || pg_temp.digits(e.id, 221, 10) AS number) AS n;

CREATE TABLE payslips (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employees,
  month date NOT NULL,
  gross numeric(10,2) NOT NULL,
  tax numeric(10,2) NOT NULL,
  net numeric(10,2) NOT NULL,
  UNIQUE (employee_id, month)
);
COMMENT ON TABLE payslips IS 'What was paid each month';

INSERT INTO payslips (employee_id, month, gross, tax, net)
SELECT e.id, month::date, pay.gross, round(pay.gross * 0.31, 2), pay.gross - round(pay.gross * 0.31, 2)
FROM employees e, generate_series(date '2024-11-01', date '2026-10-01', interval '1 month') AS month,
  LATERAL (SELECT round(s.yearly_gross / 12, 2) AS gross FROM salaries s
    WHERE s.employee_id = e.id AND s.valid_from <= month ORDER BY s.valid_from DESC LIMIT 1) AS pay
WHERE e.left_on IS NULL OR e.left_on >= month
ORDER BY month, e.id;
