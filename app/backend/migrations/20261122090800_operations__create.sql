create schema operations;

-- Faults that somebody has switched on to see a bottleneck. Only a process with FAULTS_ENABLED looks.
create table operations.faults (
  name text primary key,
  -- No fault outlives this, whoever forgets it.
  on_until timestamptz,
  switched_by text not null,
  -- What gives back to the database what the fault took from it.
  undo text
);
