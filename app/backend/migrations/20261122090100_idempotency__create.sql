create schema idempotency;

-- One row an answered request. body is json, not jsonb: a replay is byte for byte the first answer.
create table idempotency.keys (
  scope text not null,
  key text not null,
  fingerprint text not null,
  -- null while a call to a partner is under way; then resource_id says what it works on.
  status int,
  headers json,
  body json,
  resource_id uuid,
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '24 hours',
  primary key (scope, key),
  check ((status is null) = (body is null)),
  check (status is not null or resource_id is not null)
);

create index keys_expiry on idempotency.keys (expires_at);
