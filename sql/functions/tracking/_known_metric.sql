create or replace function sla._known_metric(p_metric text) returns text
language plpgsql immutable parallel safe security invoker
as $$
begin
    if p_metric is null or p_metric not in ('response', 'resolution') then
        raise exception 'metric "%" is unknown', coalesce(p_metric, 'null')
            using errcode = 'SL011', hint = 'Metrics are response and resolution.';
    end if;
    return p_metric;
end
$$;
comment on function sla._known_metric(text) is 'The metric itself when there is such a one. Errors: SL011.';
