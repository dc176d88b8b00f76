-- Who may do what: every role and every grant of slapg. Runs at the end of each migration, so it must change
-- nothing that is right already and must make right whatever a new object left open.

-- Roles belong to the server, not to the database: another database may be creating them at this moment.
do $$
declare
    v_role record;
begin
    for v_role in
        select *
        from (values
            ('slapg_owner', 'nologin', 'Owns the schemas helpdesk and sla and all in them; security definer functions run as it.'),
            ('slapg_app', 'nologin', 'For applications: writes tickets, comments and people; sees nothing of schema sla.'),
            ('slapg_admin', 'nologin', 'For administrators, of every tenant: writes the configuration, corrects clocks, may simulate time.'),
            ('slapg_listener', 'nologin', 'For slapg listen and slapg sweep: relays notifications and settles what is due, for every tenant.'),
            ('slapg_reader', 'nologin', 'For reports and dashboards: selects everything of its tenants, changes nothing.'),
            ('slapg_loader', 'nologin bypassrls', 'For COPY, which row-level security refuses: inserts tickets, comments and people of any tenant, reads nothing. Take it on with SET ROLE.'),
            ('slapg_cron', 'login', 'For pg_cron, which needs a login: may call the sweep and the housekeeping. Give it no password.'),
            ('slapg_all_tenants', 'nologin', 'Has no rights of its own: its members may act for every tenant.')
        ) as r (name, login, description)
    loop
        begin
            if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
                execute pg_catalog.format('create role %I %s', v_role.name, v_role.login);
                execute pg_catalog.format('comment on role %I is %L', v_role.name, v_role.description);
            end if;
        exception
            when unique_violation or duplicate_object then
                null;
        end;
    end loop;
end
$$;

do $$
declare
    v_membership record;
begin
    for v_membership in
        select *
        from (values
            ('slapg_admin', 'slapg_reader'),
            ('slapg_listener', 'slapg_reader'),
            ('slapg_owner', 'slapg_all_tenants'),
            ('slapg_admin', 'slapg_all_tenants'),
            ('slapg_listener', 'slapg_all_tenants'),
            ('slapg_loader', 'slapg_all_tenants'),
            ('slapg_cron', 'slapg_all_tenants')
        ) as m (role, of_role)
    loop
        begin
            if not pg_catalog.pg_has_role(v_membership.role, v_membership.of_role, 'member') then
                execute pg_catalog.format('grant %I to %I', v_membership.of_role, v_membership.role);
            end if;
        exception
            when unique_violation or internal_error then -- "tuple concurrently updated": another database did it
                null;
        end;
    end loop;
end
$$;

-- Ownership. Only what has another owner: changing an owner locks a table even when nothing changes.
do $$
declare
    v_statement text;
begin
    for v_statement in
        select pg_catalog.format('alter schema %I owner to slapg_owner', n.nspname)
        from pg_catalog.pg_namespace as n
        where n.nspname in ('helpdesk', 'sla') and n.nspowner <> 'slapg_owner'::regrole
        union all
        select pg_catalog.format(
            'alter %s %s owner to slapg_owner',
            case c.relkind
                when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table'
            end,
            c.oid::regclass
        )
        from pg_catalog.pg_class as c
        where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace)
            and c.relkind in ('r', 'p', 'v', 'm', 'S')
            and c.relowner <> 'slapg_owner'::regrole
            -- The sequence of an identity column goes with its table.
            and not exists (
                select
                from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
                    and d.deptype = 'i' and c.relkind = 'S'
            )
        union all
        select pg_catalog.format('alter routine %s owner to slapg_owner', p.oid::regprocedure)
        from pg_catalog.pg_proc as p
        where p.pronamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace)
            and p.proowner <> 'slapg_owner'::regrole
        union all
        select pg_catalog.format('alter type %s owner to slapg_owner', t.oid::regtype)
        from pg_catalog.pg_type as t
        where t.typnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace)
            and t.typtype in ('d', 'e', 'r')
            and t.typowner <> 'slapg_owner'::regrole
    loop
        execute v_statement;
    end loop;
end
$$;

-- This page is the whole truth: what it does not grant is taken away.
alter default privileges for role slapg_owner revoke execute on routines from public;
revoke all on schema helpdesk, sla
    from public, slapg_app, slapg_admin, slapg_listener, slapg_reader, slapg_loader, slapg_cron, slapg_all_tenants;
revoke all on all tables in schema helpdesk, sla
    from public, slapg_app, slapg_admin, slapg_listener, slapg_reader, slapg_loader, slapg_cron, slapg_all_tenants;
revoke all on all sequences in schema helpdesk, sla
    from public, slapg_app, slapg_admin, slapg_listener, slapg_reader, slapg_loader, slapg_cron, slapg_all_tenants;
revoke all on all routines in schema helpdesk, sla
    from public, slapg_app, slapg_admin, slapg_listener, slapg_reader, slapg_loader, slapg_cron, slapg_all_tenants;

grant usage on schema helpdesk to slapg_app, slapg_reader, slapg_loader;
grant usage on schema sla to slapg_app, slapg_reader, slapg_cron;
grant usage on schema slapg_meta to slapg_reader;

-- Reports read tables as well as views, because a view with security_invoker asks for both.
grant select on all tables in schema helpdesk, sla, slapg_meta to slapg_reader;
-- The audit log's partitions of later months.
alter default privileges for role slapg_owner in schema sla grant select on tables to slapg_reader;

-- Applications.
grant select, insert, update, delete
    on helpdesk.tickets, helpdesk.comments, helpdesk.ticket_resources, helpdesk.clients, helpdesk.users
    to slapg_app;
grant select on helpdesk.boards, helpdesk.priorities, helpdesk.statuses, helpdesk.tenants to slapg_app;
grant insert
    on helpdesk.tickets, helpdesk.comments, helpdesk.ticket_resources, helpdesk.clients, helpdesk.users
    to slapg_loader;
grant usage on sequence helpdesk.ticket_number_seq to slapg_app, slapg_admin, slapg_loader;

-- Administrators.
grant insert, update, delete
    on helpdesk.tenants, helpdesk.users, helpdesk.clients, helpdesk.boards, helpdesk.priorities, helpdesk.statuses
    to slapg_admin;
grant insert, update, delete
    on sla.policies, sla.policy_targets, sla.notification_thresholds, sla.schedules, sla.schedule_entries,
        sla.holidays, sla.status_pause_config, sla.escalation_managers, sla.role_tenants, sla.channels,
        sla.message_templates, sla.recipient_preferences
    to slapg_admin;
grant update on sla.settings to slapg_admin;

-- What column defaults and policies call.
grant execute on all routines in schema helpdesk to slapg_app, slapg_reader, slapg_loader;

-- Functions and procedures, by name: an overload is for the same people. Whoever is granted slapg_reader has
-- its functions, too. Private ones stand here only where a security invoker function or a procedure that
-- commits calls them on behalf of the role. Trigger functions need no grant.
-- Helpers that only compute, with the rights of whoever asks, are for every reader: views are made of them. So are
-- those that load the code of such helpers into the connection.
do $$
declare
    v_statement text;
begin
    for v_statement in
        select pg_catalog.format('grant execute on routine %s to %I', p.oid::regprocedure, g.role)
        from (values
            ('slapg_app', array['sla.mark_notifications_read']),
            ('slapg_reader', array[
                'sla.now', 'sla._simulated_now',
                'sla.add_business_time', 'sla.business_time_between', 'sla.is_business_time',
                'sla.next_business_time', 'sla.working_intervals', 'sla.resolve_policy', 'sla.status',
                'sla.itil_level', 'sla._business_offset', 'sla._business_elapsed', 'sla._opening_offset',
                'sla._refuse_business_time',
                'sla.verify', 'sla.verify_tickets', 'sla.simulate', 'sla.simulate_tickets'
            ]),
            ('slapg_admin', array[
                'sla.start_tracking', 'sla.pause', 'sla.resume', 'sla.complete', 'sla.cancel',
                'sla.recalculate', 'sla.preview_recalculation', 'sla.configure_itil',
                'sla.create_policy', 'sla.update_policy', 'sla.delete_policy', 'sla.set_default_policy',
                'sla.set_target', 'sla.remove_target', 'sla.set_threshold', 'sla.remove_threshold',
                'sla.create_schedule', 'sla.update_schedule', 'sla.delete_schedule', 'sla.set_default_schedule',
                'sla.set_holidays', 'sla.remove_holidays', 'sla.set_pause_statuses', 'sla.set_escalation_manager',
                'sla.remove_escalation_manager', 'sla.update_settings', 'sla.delete_status', 'sla.delete_priority',
                'sla.set_channel', 'sla.remove_channel', 'sla.set_message_template', 'sla.remove_message_template',
                'sla.set_recipient_preferences',
                'sla.sweep', 'sla._settle_batch', 'sla._record_sweep', 'sla.housekeeping',
                'sla.retry_notifications', 'sla.mark_notifications_read'
            ]),
            ('slapg_listener', array[
                'sla.load_message_templates',
                'sla.sweep', 'sla._settle_batch', 'sla._record_sweep', 'sla.next_fire_at', 'sla.claim_notifications',
                'sla.record_deliveries', 'sla.retry_notifications', 'sla.queue_depth'
            ]),
            ('slapg_cron', array['sla.sweep', 'sla._settle_batch', 'sla._record_sweep', 'sla.housekeeping'])
        ) as g (role, routines)
        join pg_catalog.pg_namespace as n on n.nspname = 'sla'
        join pg_catalog.pg_proc as p
            on p.pronamespace = n.oid and n.nspname || '.' || p.proname = any (g.routines)
        union all
        select pg_catalog.format('grant execute on routine %s to slapg_reader', p.oid::regprocedure)
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'sla'::regnamespace and not p.prosecdef
            and (p.provolatile in ('i', 's') or p.proname like '\_load\_%')
            and p.prorettype <> 'trigger'::regtype
    loop
        execute v_statement;
    end loop;
end
$$;

-- Roles that sla.role_tenants lists: a restored database may lack their marks, and the above has taken away slapg's.
do $$
begin
    perform sla._mark_listed_roles();
end
$$;
