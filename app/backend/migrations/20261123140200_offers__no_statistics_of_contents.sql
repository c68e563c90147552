-- An offer is found by its id, or when it has expired.
alter table offers.offers
  alter column slices set statistics 0,
  alter column passengers set statistics 0,
  alter column lines set statistics 0,
  alter column price_explanation set statistics 0;
