create schema flights;

create table flights.airports (
  iata_code text primary key check (iata_code ~ '^[A-Z]{3}$'),
  icao_code text not null unique check (icao_code ~ '^[A-Z]{4}$'),
  name text not null,
  city text not null,
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  region_code text not null check (region_code = country_code or region_code like country_code || '-%'),
  time_zone text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180)
);

create table flights.aircraft (
  code text primary key,
  name text not null,
  cruise_kmh int not null
);

-- What flies every week: the pattern from which dated flights are made.
create table flights.routes (
  flight_number text primary key check (flight_number ~ '^[A-Z0-9]{2}[0-9]{1,4}$'),
  origin text not null references flights.airports,
  destination text not null references flights.airports check (destination <> origin),
  aircraft_code text not null references flights.aircraft,
  departs time not null,
  weekdays int[] not null,
  distance_km int not null,
  block_minutes int not null
);

create table flights.flights (
  id uuid primary key default gen_random_uuid(),
  flight_number text not null,
  departure_date date not null,
  origin text not null references flights.airports,
  destination text not null references flights.airports,
  aircraft_code text not null references flights.aircraft,
  distance_km int not null,
  departs_at timestamptz not null,
  arrives_at timestamptz not null check (arrives_at > departs_at),
  status text not null default 'scheduled' check (status in
    ('scheduled', 'delayed', 'check_in', 'boarding', 'gate_closed', 'departed', 'en_route', 'arrived', 'diverted', 'cancelled')),
  delay_minutes int not null default 0 check (delay_minutes between 0 and 2880),
  gate text,
  status_seq bigint not null default 0,
  unique (flight_number, departure_date)
);

create index flights_by_route on flights.flights (origin, destination, departure_date, departs_at, id);
create index flights_by_date on flights.flights (departure_date);

-- What was reported, as it was reported; flights.flights shows what follows from it.
create table flights.status_events (
  flight_id uuid not null references flights.flights,
  -- Counts the events of a flight in the order in which they took effect.
  seq bigint not null,
  source text not null,
  source_seq bigint not null,
  status text not null,
  delay_minutes int not null,
  gate text,
  reason text,
  reported_by text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  primary key (flight_id, seq),
  unique (flight_id, source, source_seq)
);

-- What a person types and what is written meet here: lower case, without accents.
create function flights.plain(t text) returns text language sql immutable parallel safe as $$
  select translate(lower(t), 'áàâãäéèêëíìîïóòôõöúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')
$$;
