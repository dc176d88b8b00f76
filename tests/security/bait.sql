-- In schema evil: for each function of PostgreSQL's that slapg's functions name, and for its common operators, one of
-- the same name and types that fails with PW001.
do $bait$
declare
    v_routine record;
    v_operator record;
    v_body text := 'language plpgsql as $f$ begin
        raise exception ''fell for the bait'' using errcode = ''PW001''; end $f$';
begin
    for v_routine in
        select p.proname, pg_get_function_identity_arguments(p.oid) as arguments,
            pg_get_function_result(p.oid) as result
        from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
            and p.proname in (
                select m.called[1]
                from pg_proc d
                cross join lateral regexp_matches(d.prosrc, '(?<![.\w])(\w+)\(', 'g') as m (called)
                where d.pronamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace))
    loop
        begin
            execute format('create function evil.%I(%s) returns %s ',
                v_routine.proname, v_routine.arguments, v_routine.result) || v_body;
        exception
            when feature_not_supported or invalid_function_definition then
                null; -- of a type that no function of a user's can have
        end;
    end loop;
    for v_operator in
        select o.oid, o.oprname, o.oprleft::regtype as lefts, o.oprright::regtype as rights,
            o.oprresult::regtype as result
        from pg_operator o
        where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprkind = 'b' and o.oprresult <> 0
            and o.oprname in ('=', '<>', '<', '<=', '>', '>=', '||', '+', '-', '*', '->>', '->', '~')
            and o.oprleft = any (
                '{uuid,text,bigint,integer,smallint,boolean,timestamptz,interval,jsonb,anyarray}'::regtype[])
    loop
        execute format('create function evil.trap_%s(%s, %s) returns %s ',
            v_operator.oid, v_operator.lefts, v_operator.rights, v_operator.result) || v_body;
        execute format('create operator evil.%s (leftarg = %s, rightarg = %s, function = evil.trap_%s)',
            v_operator.oprname, v_operator.lefts, v_operator.rights, v_operator.oid);
    end loop;
end
$bait$
