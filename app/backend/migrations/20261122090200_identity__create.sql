create schema identity;

-- users, sessions, accounts, verifications and rate_limits are written by better-auth 1.7, which
-- refuses to work when a column it knows is missing: so the ones for other ways to sign in are here.
create table identity.users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  role text not null default 'passenger'
    check (role in ('passenger', 'operator', 'manager', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table identity.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references identity.users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index sessions_by_user on identity.sessions (user_id);
create index sessions_expiry on identity.sessions (expires_at);

-- How a user proves who they are. A password is one such way: provider_id 'credential'.
create table identity.accounts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references identity.users on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);

create index accounts_by_user on identity.accounts (user_id);

create table identity.verifications (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index verifications_by_identifier on identity.verifications (identifier);
create index verifications_expiry on identity.verifications (expires_at);

-- Unlogged: losing the counts in a crash is harmless, and counting then costs no WAL.
create unlogged table identity.rate_limits (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  count int not null,
  -- Epoch milliseconds.
  last_request bigint not null
);

-- Who gave which account which role. No foreign key to users: the trail outlives the account.
create table identity.role_changes (
  id bigint generated always as identity primary key,
  account_id uuid not null,
  actor text not null,
  from_role text not null,
  to_role text not null,
  changed_at timestamptz not null default clock_timestamp()
);

create index role_changes_by_account on identity.role_changes (account_id, changed_at);
