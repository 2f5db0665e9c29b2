import { Migration } from '@mikro-orm/migrations';

/**
 * Who is told of an alert, by which way, and what was sent. Of a person and a channel at most one notification is open: the unique index makes one
 * digest of a burst, whoever writes. `notifies` says on the shop's own row whether anybody listens, so that a shop where nobody does pays nothing. The primary key of alert_notice is what tells nobody of one alert twice. The way down forgets who is told.
 */
export class Migration20261122000330_notifications extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table shop add column notifies boolean not null default false;`);
    this.addSql(`
      create table notification_recipient (
        shop_id uuid not null,
        id uuid not null,
        name text not null,
        language text not null,
        email text,
        phone text,
        quiet_from smallint,
        quiet_to smallint,
        daily_cap int,
        enabled boolean not null,
        email_paused_at timestamptz(3),
        email_paused_reason text,
        sms_paused_at timestamptz(3),
        sms_paused_reason text,
        link_secret bytea not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint notification_recipient_pkey primary key (shop_id, id),
        constraint notification_recipient_name_check check (name <> ''),
        constraint notification_recipient_language_check check (language in ('EN', 'ZU', 'AF')),
        constraint notification_recipient_email_check check (email ~ '.@.'),
        constraint notification_recipient_phone_check check (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        constraint notification_recipient_quiet_check check ((quiet_from is null) = (quiet_to is null)),
        constraint notification_recipient_quiet_span_check check (quiet_from <> quiet_to),
        constraint notification_recipient_quiet_from_check check (quiet_from >= 0 and quiet_from < 1440),
        constraint notification_recipient_quiet_to_check check (quiet_to >= 0 and quiet_to < 1440),
        constraint notification_recipient_cap_check check (daily_cap > 0),
        constraint notification_recipient_email_paused_check check ((email_paused_at is null) = (email_paused_reason is null)),
        constraint notification_recipient_sms_paused_check check ((sms_paused_at is null) = (sms_paused_reason is null)),
        constraint notification_recipient_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create table notification_subscription (
        shop_id uuid not null,
        id uuid not null,
        recipient_id uuid not null,
        kind text not null,
        channel text not null,
        location_id uuid,
        constraint notification_subscription_pkey primary key (shop_id, id),
        constraint notification_subscription_kind_check check (kind in ('LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK')),
        constraint notification_subscription_channel_check check (channel in ('EMAIL', 'SMS')),
        constraint notification_subscription_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint notification_subscription_shop_id_recipient_id_foreign foreign key (shop_id, recipient_id) references notification_recipient (shop_id, id) on update restrict on delete restrict,
        constraint notification_subscription_shop_id_location_id_foreign foreign key (shop_id, location_id) references location (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create unique index notification_subscription_place_unique on notification_subscription (shop_id, recipient_id, kind, channel, location_id)
        where location_id is not null;
    `);
    this.addSql(`
      create unique index notification_subscription_anywhere_unique on notification_subscription (shop_id, recipient_id, kind, channel)
        where location_id is null;
    `);
    this.addSql(`create index notification_subscription_kind_index on notification_subscription (shop_id, kind);`);
    this.addSql(`
      create table notification (
        shop_id uuid not null,
        id uuid not null,
        recipient_id uuid not null,
        channel text not null,
        state text not null,
        form text,
        reason text,
        address text,
        subject text,
        text text,
        html text,
        segments int,
        provider text,
        provider_reference text,
        tries int not null,
        created_at timestamptz(3) not null,
        due_at timestamptz(3) not null,
        closed_at timestamptz(3),
        leased_until timestamptz(3),
        sent_at timestamptz(3),
        delivered_at timestamptz(3),
        failed_at timestamptz(3),
        constraint notification_pkey primary key (shop_id, id),
        constraint notification_channel_check check (channel in ('EMAIL', 'SMS')),
        constraint notification_state_check check (state in ('QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'PAUSED', 'KEPT')),
        constraint notification_form_check check (form in ('SINGLE', 'DIGEST')),
        constraint notification_open_check check (closed_at is not null or (state = 'QUEUED' and text is null)),
        constraint notification_text_check check (text is not null or state in ('QUEUED', 'FAILED', 'PAUSED')),
        constraint notification_address_check check ((text is null) = (address is null)),
        constraint notification_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint notification_shop_id_recipient_id_foreign foreign key (shop_id, recipient_id) references notification_recipient (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create unique index notification_open_unique on notification (shop_id, recipient_id, channel) where closed_at is null;
    `);
    this.addSql(`create index notification_day_index on notification (shop_id, recipient_id, closed_at);`);
    this.addSql(`
      create index notification_reference_index on notification (provider_reference) where provider_reference is not null;
    `);
    this.addSql(`create index notification_closed_index on notification (closed_at);`);
    this.addSql(`
      create table alert_notice (
        shop_id uuid not null,
        alert_id uuid not null,
        recipient_id uuid not null,
        channel text not null,
        notification_id uuid not null,
        created_at timestamptz(3) not null,
        constraint alert_notice_pkey primary key (shop_id, alert_id, recipient_id, channel),
        constraint alert_notice_channel_check check (channel in ('EMAIL', 'SMS')),
        constraint alert_notice_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint alert_notice_shop_id_alert_id_foreign foreign key (shop_id, alert_id) references stock_alert (shop_id, id) on update restrict on delete restrict,
        constraint alert_notice_shop_id_recipient_id_foreign foreign key (shop_id, recipient_id) references notification_recipient (shop_id, id) on update restrict on delete restrict,
        constraint alert_notice_shop_id_notification_id_foreign foreign key (shop_id, notification_id) references notification (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index alert_notice_notification_index on alert_notice (shop_id, notification_id);`);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`drop table alert_notice;`);
    this.addSql(`drop table notification;`);
    this.addSql(`drop table notification_subscription;`);
    this.addSql(`drop table notification_recipient;`);
    this.addSql(`alter table shop drop column notifies;`);
  }
}
