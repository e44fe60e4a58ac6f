from django.db import migrations

# The line's row is locked first, so that two parcels at once are counted one after the other. A parcel whose waybill
# was cancelled holds nothing.
_PIECES_WITHIN_LINE = """
CREATE FUNCTION orders_pieces_within_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ordered integer;
    of_order bigint;
BEGIN
    SELECT quantity, order_id INTO ordered, of_order FROM orders_orderline WHERE id = NEW.line_id FOR UPDATE;
    IF of_order IS DISTINCT FROM (SELECT order_id FROM orders_shipment WHERE id = NEW.shipment_id) THEN
        RAISE EXCEPTION 'line % is of another order than shipment %', NEW.line_id, NEW.shipment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shipment_line_of_its_order';
    END IF;
    IF ordered < (SELECT coalesce(sum(l.pieces), 0) FROM orders_shipmentline l
                  JOIN orders_shipment s ON s.id = l.shipment_id
                  WHERE l.line_id = NEW.line_id AND s.state <> 'cancelled') THEN
        RAISE EXCEPTION 'more pieces of line % in parcels than were ordered', NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shipment_pieces_within_line';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_money_and_versions_rules")]
    operations = [
        migrations.RunSQL(
            sql=[
                _PIECES_WITHIN_LINE,
                "CREATE TRIGGER shipment_pieces_within_line AFTER INSERT OR UPDATE ON orders_shipmentline "
                "FOR EACH ROW EXECUTE FUNCTION orders_pieces_within_line()",
            ],
            reverse_sql=[
                "DROP TRIGGER shipment_pieces_within_line ON orders_shipmentline",
                "DROP FUNCTION orders_pieces_within_line()",
            ],
        ),
    ]
