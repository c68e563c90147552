create schema bookings;

create table bookings.bookings (
  id uuid primary key default gen_random_uuid(),
  booking_reference text not null unique check (booking_reference ~ '^[A-HJKMNP-Z2-9]{6}$'),
  offer_id uuid not null unique,
  account_id uuid,
  status text not null default 'pending_payment' check (status in
    ('pending_payment', 'confirmed', 'expired', 'cancelled', 'failed', 'completed')),
  version int not null default 1,
  -- Always the sum of the lines: after a cancellation, what was kept.
  total_amount bigint not null check (total_amount >= 0),
  currency text not null,
  contact_email text not null,
  contact_phone text,
  language text not null default 'es' check (language in ('es', 'en')),
  pets int not null default 0,
  hold_id uuid not null,
  payment_required_by timestamptz not null,
  -- Money is moving: until then the booking does not expire.
  payment_locked_until timestamptz,
  last_arrival_at timestamptz not null,
  -- To the millisecond, as it travels in JSON: pages continue after it.
  placed_at timestamptz(3) not null default clock_timestamp(),
  confirmed_at timestamptz,
  ended_at timestamptz
);

create index bookings_by_account on bookings.bookings (account_id, placed_at desc, id desc)
  where account_id is not null;
create index bookings_due on bookings.bookings (payment_required_by) where status = 'pending_payment';
create index bookings_flown on bookings.bookings (last_arrival_at) where status = 'confirmed';

create table bookings.passengers (
  booking_id uuid not null references bookings.bookings,
  -- 1, 2, … in the order of the offer.
  ordinal int not null,
  type text not null check (type in ('adult', 'child', 'infant_without_seat')),
  given_name text not null,
  family_name text not null,
  -- Family name without accents, case and spaces: what a guest's look-up compares.
  family_name_key text not null,
  born_on date not null,
  resident_of text,
  document jsonb not null,
  primary key (booking_id, ordinal)
);

-- What is travelled on: each passenger's seat or lap place on each flight, each pet's place.
create table bookings.items (
  id bigint generated always as identity primary key,
  booking_id uuid not null references bookings.bookings,
  passenger int,
  flight_id uuid not null,
  slice int not null,
  cabin text not null,
  kind text not null check (kind in ('seat', 'infant', 'pet')),
  unit_code text not null,
  released_at timestamptz
);

create index items_by_booking on bookings.items (booking_id);
create index items_by_flight on bookings.items (flight_id) where released_at is null;

-- What a booking travels on; of one that travels no more, what it travelled on last.
create view bookings.shown_items as
  select i.*
    from bookings.items i
    join bookings.bookings b on b.id = i.booking_id
   where i.released_at is null
      or (b.status = 'cancelled'
          and i.released_at = (select max(l.released_at) from bookings.items l where l.booking_id = b.id));

-- Append-only and signed: what is taken back is a line of its own that names the one it reverses.
create table bookings.lines (
  id bigint generated always as identity primary key,
  booking_id uuid not null references bookings.bookings,
  version int not null,
  kind text not null check (kind in ('fare', 'discount', 'service', 'tax', 'penalty')),
  code text not null,
  passenger int,
  flight_id uuid,
  quantity int not null,
  amount bigint not null,
  currency text not null,
  refundable boolean not null,
  rule_id text,
  rule_version int,
  name_es text not null,
  name_en text not null,
  reverses_line_id bigint references bookings.lines,
  booked_at timestamptz not null default clock_timestamp()
);

create index lines_by_booking on bookings.lines (booking_id);
create unique index lines_reversed_once on bookings.lines (reverses_line_id) where reverses_line_id is not null;

create table bookings.history (
  booking_id uuid not null references bookings.bookings,
  version int not null,
  from_status text,
  to_status text not null,
  reason text not null,
  actor text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (booking_id, version)
);

-- What happens to money when plans change; of those that apply, the best for the passenger counts.
create table bookings.refund_rules (
  id uuid primary key default gen_random_uuid(),
  code text not null unique,
  applies_to text not null check (applies_to in ('cancellation', 'change')),
  market text not null default 'any' check (market in ('any', 'domestic', 'international')),
  within_hours_of_purchase int,
  min_hours_before_departure int not null default 0,
  -- What is kept of each fare: the smaller of the two that are given.
  retention_basis_points int not null check (retention_basis_points between 0 and 10000),
  retention_max_amount bigint,
  name_es text not null,
  name_en text not null,
  source text not null,
  valid_from date not null,
  valid_to date,
  version int not null default 1
);

create table bookings.cancellation_quotes (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null references bookings.bookings,
  booking_version int not null,
  status text not null default 'quoted' check (status in ('quoted', 'confirmed', 'superseded')),
  lines json not null,
  rules json not null,
  refund_amount bigint not null check (refund_amount >= 0),
  retained_amount bigint not null check (retained_amount >= 0),
  currency text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz
);

create unique index cancellation_quotes_current on bookings.cancellation_quotes (booking_id)
  where status = 'quoted';

create table bookings.change_quotes (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null references bookings.bookings,
  booking_version int not null,
  status text not null default 'quoted' check (status in ('quoted', 'paying', 'confirmed', 'superseded', 'failed')),
  offer_id uuid not null,
  removed_flight_ids uuid[] not null,
  lines json not null,
  rules json not null,
  change_total bigint not null,
  currency text not null,
  hold_id uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz
);

create unique index change_quotes_current on bookings.change_quotes (booking_id)
  where status in ('quoted', 'paying');

create table bookings.lookup_codes (
  booking_id uuid primary key references bookings.bookings,
  code_hash text not null,
  attempts_left int not null default 5,
  expires_at timestamptz not null
);

create table bookings.lookup_attempts (
  subject text not null,
  window_start timestamptz not null,
  attempts int not null default 1,
  primary key (subject, window_start)
);

-- What a booking costs us and no passenger pays: the sweets.
create table bookings.cost_ledger (
  id bigint generated always as identity primary key,
  booking_id uuid not null references bookings.bookings,
  flight_id uuid not null,
  passenger int not null,
  code text not null,
  quantity int not null check (quantity <> 0),
  unit_cost bigint not null check (unit_cost > 0),
  currency text not null,
  booked_at timestamptz not null default clock_timestamp()
);

create index cost_ledger_by_booking on bookings.cost_ledger (booking_id);
