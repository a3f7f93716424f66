package shop.main.secret;

/** In a package that no descriptor exports. */
public final class Secret {
    private Secret() {}
}
