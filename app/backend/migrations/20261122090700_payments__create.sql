create schema payments;

-- A charge on the gateway; our id is the gateway's idempotency key. No card data is ever here.
create table payments.payments (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null,
  purpose text not null check (purpose in ('booking', 'change')),
  -- The booking, or the change quote, that this pays for.
  subject_id uuid not null,
  status text not null default 'processing' check (status in ('processing', 'captured', 'failed')),
  amount bigint not null check (amount > 0),
  currency text not null,
  decline_code text,
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  next_check_at timestamptz not null default clock_timestamp() + interval '15 seconds',
  check ((status = 'processing') = (settled_at is null))
);

-- Money is taken once for a thing: while one payment lives there can be no second.
create unique index payments_one_live on payments.payments (purpose, subject_id)
  where status in ('processing', 'captured');
create index payments_by_booking on payments.payments (booking_id);
create index payments_unsettled on payments.payments (next_check_at) where status = 'processing';

create table payments.refunds (
  id uuid primary key default gen_random_uuid(),
  payment_id uuid not null references payments.payments,
  booking_id uuid not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  reason text not null,
  -- What it is for (cancellation:<quote>, change:<quote>, lost-seat:<payment>): never paid twice.
  business_key text not null,
  status text not null default 'requested' check (status in ('requested', 'succeeded', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_error text,
  requested_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  unique (business_key, payment_id)
);

create index refunds_by_booking on payments.refunds (booking_id);
create index refunds_due on payments.refunds (next_attempt_at) where status = 'requested';

-- What the gateway told us, each once, however often it tells it.
create table payments.gateway_events (
  id text primary key,
  type text not null,
  payment_id uuid not null,
  received_at timestamptz not null default clock_timestamp()
);
