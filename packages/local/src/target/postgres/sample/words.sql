-- Words and dice that every sample database draws from; they live in the session's temporary schema.
-- The dice are hashes of row number and salt, so the same rows come out on every machine.

CREATE FUNCTION pg_temp.pick(n bigint, salt bigint, sides bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (hashint8extended(n, salt) & 9223372036854775807) % sides $$;

-- Favours low numbers, as best-sellers and regular customers do.
CREATE FUNCTION pg_temp.pick_low(n bigint, salt bigint, sides bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT floor(sides * power(pg_temp.pick(n, salt, 1000003) / 1000003.0::float8, 1.8))::bigint $$;

CREATE FUNCTION pg_temp.digits(n bigint, salt bigint, length int) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT lpad(pg_temp.pick(n, salt, (10::numeric ^ length)::bigint)::text, length, '0') $$;

CREATE FUNCTION pg_temp.plain(name text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT translate(lower(name), 'áàâäãåéèêëíìîïóòôöõøúùûüñçčšžłńı'' -', 'aaaaaaeeeeiiiioooooouuuunccszlni') $$;

CREATE FUNCTION pg_temp.first_name(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (ARRAY['Aiko','Alba','Amara','Anders','Anouk','Arjun','Astrid','Bastien','Beatriz','Bianca','Bram','Camille',
    'Carla','Chidi','Chloé','Clara','Daniel','Dilek','Dominik','Elena','Elif','Emil','Emma','Enzo','Esther','Eva',
    'Fatima','Felix','Finn','Florence','Frida','Gabriel','Giulia','Grace','Hana','Hannah','Hugo','Ibrahim','Ida',
    'Inês','Ingrid','Isak','Ivan','Jakub','Jana','Jasper','Joana','Jonas','José','Julia','Kaan','Katarina','Kenji',
    'Klara','Kwame','Lars','Laura','Leila','Leo','Lina','Linus','Louis','Lucía','Luka','Mads','Maja','Malik','Marek',
    'Maria','Mateo','Maya','Mei','Mila','Mina','Nadia','Naomi','Niamh','Nikolai','Noah','Nora','Olga','Oliver',
    'Oscar','Paula','Pedro','Petra','Priya','Quentin','Rafael','Rahel','Ravi','Renée','Rosa','Ruben','Sakura','Samuel',
    'Sanne','Sofía','Søren','Stella','Tariq','Teresa','Theo','Tomás','Uma','Valentina','Vera','Viktor','Yara','Yuki',
    'Yusuf','Zeynep','Zoë','Zofia'])[1 + pg_temp.pick(n, 11, 114)] $$;

CREATE FUNCTION pg_temp.last_name(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (ARRAY['Aalto','Abara','Almeida','Andersson','Arslan','Bakker','Banerjee','Barros','Becker','Bergström',
    'Bernard','Bianchi','Blanc','Brandt','Byrne','Castillo','Chen','Claes','Costa','Cruz','Dahl','Das','Demir','Diallo',
    'Dubois','Duarte','Eriksen','Esposito','Farkas','Ferrari','Fischer','Fontaine','Garnier','Gómez','Gruber','Haas',
    'Hansen','Hartmann','Hayashi','Hoffmann','Horvath','Ibarra','Ishikawa','Ivanova','Jansen','Jensen','Joshi','Kaya',
    'Keller','Kimura','Klein','Koch','Kowalczyk','Kraus','Lambert','Larsen','Laurent','Lefèvre','Leroy','Lindgren',
    'López','Maier','Marchetti','Marino','Martens','Mendes','Meyer','Moreau','Moreno','Müller','Murphy','Nakano',
    'Navarro','Nguyen','Nielsen','Nowak','Núñez','O''Brien','Okafor','Oliveira','Olsen','Ortiz','Öztürk','Patel',
    'Pereira','Petit','Popescu','Quinn','Ramírez','Reyes','Ricci','Romano','Rossi','Ruiz','Sato','Schneider','Serrano',
    'Shah','Silva','Smit','Sørensen','Svensson','Szabó','Takahashi','Tanaka','Vargas','Vermeer','Visser','Vogel',
    'Wagner','Walsh','Weber','Wójcik','Yamada','Yıldız','Zhang','Zimmermann'])[1 + pg_temp.pick(n, 12, 117)] $$;

-- Numbers that the authorities keep free for films and books; nobody answers them.
CREATE FUNCTION pg_temp.phone(n bigint, country text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE country
    WHEN 'US' THEN '+1 ' || (201 + pg_temp.pick(n, 21, 700))::text || '-555-01' || pg_temp.digits(n, 22, 2)
    WHEN 'GB' THEN '+44 20 7946 0' || pg_temp.digits(n, 23, 3)
    WHEN 'FR' THEN '+33 1 99 00 ' || pg_temp.digits(n, 24, 2) || ' ' || pg_temp.digits(n, 25, 2)
    ELSE '+49 30 23125 ' || pg_temp.digits(n, 26, 3) END $$;

-- Completes fifteen digits by the check digit of ISO/IEC 7812-1: every second digit counts double.
CREATE FUNCTION pg_temp.with_check_digit(stem text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT stem || ((10 - (
    strpos('516273849', substr(stem, 1, 1)) + strpos('123456789', substr(stem, 2, 1)) + strpos('516273849', substr(stem, 3, 1))
     + strpos('123456789', substr(stem, 4, 1)) + strpos('516273849', substr(stem, 5, 1)) + strpos('123456789', substr(stem, 6, 1))
     + strpos('516273849', substr(stem, 7, 1)) + strpos('123456789', substr(stem, 8, 1)) + strpos('516273849', substr(stem, 9, 1))
     + strpos('123456789', substr(stem, 10, 1)) + strpos('516273849', substr(stem, 11, 1)) + strpos('123456789', substr(stem, 12, 1))
     + strpos('516273849', substr(stem, 13, 1)) + strpos('123456789', substr(stem, 14, 1)) + strpos('516273849', substr(stem, 15, 1))) % 10) % 10)::text $$;
