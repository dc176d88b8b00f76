create or replace function sla._channels_named(p_channels text[]) returns boolean
language sql immutable parallel safe security invoker
as $$
    select coalesce(
        (select bool_and(coalesce(c.channel, '') <> '') from pg_catalog.unnest(p_channels) as c (channel)), false)
$$;
comment on function sla._channels_named(text[]) is 'Whether there is a channel, and each of them has a name.';
