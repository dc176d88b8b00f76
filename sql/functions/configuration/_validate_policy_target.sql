-- Before the row is stored, so that these words come before those of the table's check constraints.
create or replace function sla._validate_policy_target() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_escalations smallint[] := array_remove(
        array[new.escalation_1_percent, new.escalation_2_percent, new.escalation_3_percent], null);
    v_where text := pg_catalog.format(
        'policy "%s", priority "%s"',
        (select p.name from sla.policies p where p.tenant_id = new.tenant_id and p.policy_id = new.policy_id),
        (select r.name from helpdesk.priorities r
         where r.tenant_id = new.tenant_id and r.priority_id = new.priority_id));
begin
    if least(new.response_minutes, new.resolution_minutes) < 1 then
        raise exception '%: a target of % minutes cannot be kept',
            v_where, least(new.response_minutes, new.resolution_minutes)
            using errcode = 'SL017', hint = 'Targets are whole minutes from 1 on; null promises nothing for that metric.';
    end if;
    if 1 > any (v_escalations) or 1000 < any (v_escalations) or v_escalations <> array(
        select distinct e.percent from unnest(v_escalations) as e (percent) order by e.percent
    ) then
        raise exception '%: escalation at % %% is no rising order within 1 to 1000',
            v_where, array_to_string(v_escalations, ', ')
            using errcode = 'SL017', hint = 'Each level needs a higher percent of the target than the one before; null leaves a level out.';
    end if;
    return new;
end
$$;
comment on function sla._validate_policy_target() is
'Before row, on sla.policy_targets: refuses a target below one minute, and escalation percents outside 1 to 1000 or not ascending (SL017).';
