/** Tariffs that nobody requires by name. */
module shop.local {
    requires shop.price;

    opens shop.local;

    provides shop.price.Tariff with
            shop.local.Half,
            shop.local.Full;
}
