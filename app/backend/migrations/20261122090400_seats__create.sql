create schema seats;

create table seats.layouts (
  aircraft_code text primary key,
  cabins jsonb not null,
  infant_places int not null check (infant_places >= 0),
  pet_places int not null check (pet_places >= 0)
);

-- A flight on sale: after closes_at nothing of it is held or sold.
create table seats.departures (
  flight_id uuid primary key,
  aircraft_code text not null references seats.layouts,
  closes_at timestamptz not null
);

create table seats.holds (
  id uuid primary key default gen_random_uuid(),
  state text not null default 'active' check (state in ('active', 'converted', 'released', 'expired')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

create index holds_expiry on seats.holds (expires_at) where state = 'active';

-- One row per sellable unit holds the whole truth about it: a seat, a place on a lap, a pet's place.
create table seats.units (
  flight_id uuid not null references seats.departures,
  kind text not null check (kind in ('seat', 'infant', 'pet')),
  unit_code text not null,
  cabin text not null,
  -- Front to back, left to right: the order in which seats are given to those who chose none.
  position int not null,
  status text not null default 'available' check (status in ('available', 'held', 'sold', 'blocked')),
  hold_id uuid references seats.holds,
  held_until timestamptz,
  sale_id uuid,
  block_reason text,
  primary key (flight_id, kind, unit_code),
  check ((status = 'held') = (hold_id is not null)),
  check ((hold_id is null) = (held_until is null)),
  check ((status = 'sold') = (sale_id is not null)),
  check ((status = 'blocked') = (block_reason is not null))
) with (fillfactor = 70);

create index units_free on seats.units (flight_id, kind, cabin, position) where status = 'available';
create index units_held on seats.units (hold_id) where hold_id is not null;

create table seats.sales (
  id uuid primary key,
  flight_id uuid not null,
  kind text not null,
  unit_code text not null,
  booking_id uuid not null,
  sold_at timestamptz not null default clock_timestamp(),
  released_at timestamptz,
  foreign key (flight_id, kind, unit_code) references seats.units
);

-- The second lock: even code with a bug cannot sell a unit twice.
create unique index sales_one_live on seats.sales (flight_id, kind, unit_code) where released_at is null;
create index sales_by_booking on seats.sales (booking_id);
