create schema offers;

-- Dated rules: what a passenger pays to a place for leaving it or arriving there.
create table offers.destination_taxes (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[A-Z][A-Z0-9_]{2,40}$'),
  name_es text not null,
  name_en text not null,
  -- A country (CO), a region (CO-SAP) or an airport (ADZ).
  jurisdiction text not null check (jurisdiction ~ '^([A-Z]{2}|[A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]{3})$'),
  trigger text not null check (trigger in ('arrival', 'departure')),
  amount bigint check (amount > 0),
  basis_points int check (basis_points between 1 and 10000),
  currency text not null default 'COP',
  -- Whole years on the day of the flight; both ends are included.
  min_age int not null default 0 check (min_age >= 0),
  max_age int check (max_age >= min_age),
  exempt_residents boolean not null default false,
  exempt_infants boolean not null default true,
  -- International flights only, domestic flights only, or both.
  market text not null default 'any' check (market in ('any', 'domestic', 'international')),
  refundable boolean not null default true,
  collected_by text not null default 'airline' check (collected_by in ('airline', 'destination')),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  source text,
  version int not null default 1,
  check ((amount is null) <> (basis_points is null))
);

create table offers.promotions (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[A-Z0-9]{3,20}$'),
  name_es text not null,
  name_en text not null,
  basis_points int not null default 1000 check (basis_points between 1 and 5000),
  -- Sold from, up to and not including.
  valid_from timestamptz not null,
  valid_to timestamptz not null check (valid_to > valid_from),
  -- Shown and applied to everybody, without typing its code.
  is_public boolean not null default false,
  version int not null default 1
);

-- Every version of a rule, who made it and why.
create table offers.rule_audit (
  id bigint generated always as identity primary key,
  rule_kind text not null check (rule_kind in ('destination_tax', 'promotion')),
  rule_id uuid not null,
  version int not null,
  actor text not null,
  reason text,
  content jsonb not null,
  changed_at timestamptz not null default clock_timestamp()
);

create table offers.offers (
  id uuid primary key default gen_random_uuid(),
  slices jsonb not null,
  passengers jsonb not null,
  pets int not null,
  promotion_code text,
  seat_hold_ids uuid[] not null,
  -- json keeps the order of members: the lines are the bytes that quote_hash is made of.
  lines json not null,
  total_amount bigint not null check (total_amount >= 0),
  currency text not null,
  quote_hash text not null,
  price_explanation jsonb not null,
  priced_at timestamptz not null,
  expires_at timestamptz not null
);

create index offers_expiry on offers.offers (expires_at);
