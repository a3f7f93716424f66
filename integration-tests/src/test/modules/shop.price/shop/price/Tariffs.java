package shop.price;

import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The tariffs of all modules. */
public final class Tariffs {
    private static final ServiceLoader<Tariff> LOADER = ServiceLoader.load(Tariff.class);

    private Tariffs() {}

    public static List<Tariff> all() {
        return StreamSupport.stream(LOADER.spliterator(), false).collect(Collectors.toList());
    }

    public static Iterator<Tariff> lookedFor() {
        return ServiceLoader.load(Tariff.class).iterator();
    }

    public static List<ServiceLoader.Provider<Tariff>> providers() {
        return ServiceLoader.load(Tariff.class).stream().collect(Collectors.toList());
    }
}
