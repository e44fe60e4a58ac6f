from django.db import migrations

# One function for two tables may name a column of either only in the branch where that table is at hand.
_FUNCTION = """
CREATE OR REPLACE FUNCTION orders_lines_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_order bigint;
BEGIN
    IF TG_TABLE_NAME = 'orders_order' THEN
        the_order := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        the_order := OLD.order_id;
    ELSE
        the_order := NEW.order_id;
    END IF;
    PERFORM 1 FROM orders_order o WHERE o.id = the_order AND o.goods_total IS DISTINCT FROM
        (SELECT coalesce(sum(l.total), 0) FROM orders_orderline l WHERE l.order_id = o.id);
    IF FOUND THEN
        RAISE EXCEPTION 'lines of order % do not add up to its goods_total', the_order
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_lines_add_up';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_database_rules"), ("delivery", "0001_initial")]
    operations = [
        migrations.RunSQL(sql=_FUNCTION, reverse_sql=migrations.RunSQL.noop),
        # A point belongs to its carrier and its town; an order that mixes them cannot be saved.
        migrations.RunSQL(
            sql="ALTER TABLE orders_order ADD CONSTRAINT order_point_of_carrier_in_settlement "
            "FOREIGN KEY (pickup_point_id, carrier_id, settlement_id) "
            "REFERENCES delivery_pickuppoint (id, carrier_id, settlement_id) "
            "ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE orders_order DROP CONSTRAINT order_point_of_carrier_in_settlement",
        ),
    ]
