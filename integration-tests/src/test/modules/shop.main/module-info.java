/** The program: modules by name and by service, exports, opens and resources. */
module shop.main {
    requires shop.price;
    requires words;

    exports shop.main to
            shop.price;

    uses shop.price.Tariff;
}
