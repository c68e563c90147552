-- Events are written in the transaction that they tell of. Of one ordering key they have a gapless
-- order (key_seq): the row lock on its stream lasts until commit, so commit order is key order.
create schema outbox;

create table outbox.streams (
  ordering_key text primary key,
  last_seq bigint not null
);

create table outbox.events (
  id bigint generated always as identity primary key,
  event_id uuid not null default gen_random_uuid() unique,
  ordering_key text not null,
  key_seq bigint not null,
  type text not null,
  data jsonb not null,
  occurred_at timestamptz not null default clock_timestamp(),
  unique (ordering_key, key_seq)
);

-- Who hears which event. Written by the worker from subscriptions.ts when it starts.
create table outbox.subscriptions (
  consumer text not null,
  type text not null,
  primary key (type, consumer)
);

create table outbox.deliveries (
  consumer text not null,
  event_id bigint not null references outbox.events,
  ordering_key text not null,
  key_seq bigint not null,
  state text not null default 'pending'
    check (state in ('pending', 'processing', 'retry', 'failed', 'held', 'done', 'discarded')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  locked_by text,
  locked_until timestamptz,
  last_error text,
  failed_at timestamptz,
  held_at timestamptz,
  held_behind_seq bigint,
  done_at timestamptz,
  resolved_by text,
  resolution text,
  primary key (consumer, ordering_key, key_seq),
  check ((state = 'processing') = (locked_by is not null)),
  check ((state = 'held') = (held_behind_seq is not null))
);

-- One unfinished head a key and consumer, by constraint: a retry is never overtaken.
create unique index deliveries_one_head on outbox.deliveries (consumer, ordering_key)
  where state in ('processing', 'retry', 'failed');
create index deliveries_ready on outbox.deliveries (consumer, next_attempt_at, event_id)
  where state in ('pending', 'retry');
create index deliveries_open on outbox.deliveries (consumer, ordering_key, key_seq)
  where state not in ('done', 'discarded');
create index deliveries_lease on outbox.deliveries (locked_until) where state = 'processing';

create table outbox.processed (
  consumer text not null,
  event_id bigint not null references outbox.events,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create view outbox.failed_event_register as
  select d.*, e.type, e.data, now() - d.failed_at as age,
         (select count(*) from outbox.deliveries h
           where h.consumer = d.consumer and h.ordering_key = d.ordering_key and h.state = 'held') as held_count
    from outbox.deliveries d join outbox.events e on e.id = d.event_id
   where d.state = 'failed';

create view outbox.hold_register as
  select d.*, e.type, e.data, now() - d.held_at as age
    from outbox.deliveries d join outbox.events e on e.id = d.event_id
   where d.state = 'held';

create function outbox.publish(p_key text, p_type text, p_data jsonb) returns bigint language plpgsql as $$
declare
  s bigint;
  e bigint;
begin
  insert into outbox.streams as t values (p_key, 1)
      on conflict (ordering_key) do update set last_seq = t.last_seq + 1
  returning last_seq into s;
  insert into outbox.events (ordering_key, key_seq, type, data)
  values (p_key, s, p_type, p_data) returning id into e;
  insert into outbox.deliveries (consumer, event_id, ordering_key, key_seq, state, held_at, held_behind_seq)
  select c.consumer, e, p_key, s,
         case when f.seq is null then 'pending' else 'held' end,
         case when f.seq is not null then now() end,
         f.seq
    from outbox.subscriptions c
    left join lateral (
      select min(x.key_seq) as seq from outbox.deliveries x
       where x.consumer = c.consumer and x.ordering_key = p_key and x.state = 'failed') f on true
   where c.type = p_type;
  return e;
end $$;

create function outbox.claim(p_consumer text, p_worker text, p_limit int, p_lease interval)
returns setof outbox.deliveries language sql as $$
  with head as (
    select d.consumer, d.ordering_key, d.key_seq
      from outbox.deliveries d
     where d.consumer = p_consumer
       and d.state in ('pending', 'retry')
       and d.next_attempt_at <= now()
       and not exists (
         select 1 from outbox.deliveries p
          where p.consumer = d.consumer and p.ordering_key = d.ordering_key
            and p.key_seq < d.key_seq and p.state not in ('done', 'discarded'))
     order by d.next_attempt_at, d.event_id
     limit p_limit
       for update of d skip locked)
  update outbox.deliveries d
     set state = 'processing', attempts = attempts + 1, locked_by = p_worker, locked_until = now() + p_lease
    from head h
   where d.consumer = h.consumer and d.ordering_key = h.ordering_key and d.key_seq = h.key_seq
  returning d.*
$$;

create function outbox.fail(
  p_consumer text, p_key text, p_seq bigint, p_worker text, p_error text, p_permanent boolean, p_attempts_max int)
returns text language plpgsql as $$
declare
  new_state text;
begin
  -- publish, fail and resolve all lock the stream first, so that 'held' is exact.
  perform 1 from outbox.streams where ordering_key = p_key for update;
  update outbox.deliveries
     set state = case when p_permanent or attempts >= p_attempts_max then 'failed' else 'retry' end,
         next_attempt_at = now() + least(interval '5 minutes', interval '100 ms' * power(2, attempts)),
         last_error = p_error, locked_by = null, locked_until = null,
         failed_at = case when p_permanent or attempts >= p_attempts_max then now() end
   where consumer = p_consumer and ordering_key = p_key and key_seq = p_seq
     and state = 'processing' and locked_by = p_worker
  returning state into new_state;
  if new_state = 'failed' then
    update outbox.deliveries
       set state = 'held', held_at = now(), held_behind_seq = p_seq
     where consumer = p_consumer and ordering_key = p_key and key_seq > p_seq and state = 'pending';
  end if;
  return new_state;
end $$;

create function outbox.resolve(p_consumer text, p_key text, p_seq bigint, p_how text, p_by text)
returns int language plpgsql as $$
declare
  released int;
begin
  perform 1 from outbox.streams where ordering_key = p_key for update;
  update outbox.deliveries
     set state = case p_how when 'discard' then 'discarded' else 'retry' end,
         attempts = 0, next_attempt_at = now(), failed_at = null, resolved_by = p_by, resolution = p_how
   where consumer = p_consumer and ordering_key = p_key and key_seq = p_seq and state = 'failed';
  if not found then return -1; end if;
  update outbox.deliveries
     set state = 'pending', held_at = null, held_behind_seq = null, next_attempt_at = now()
   where consumer = p_consumer and ordering_key = p_key and state = 'held';
  get diagnostics released = row_count;
  return released;
end $$;

create function outbox.reap() returns int language plpgsql as $$
declare
  reaped int;
begin
  update outbox.deliveries
     set state = 'retry', locked_by = null, locked_until = null, next_attempt_at = now(), last_error = 'lease expired'
   where state = 'processing' and locked_until < now();
  get diagnostics reaped = row_count;
  return reaped;
end $$;
