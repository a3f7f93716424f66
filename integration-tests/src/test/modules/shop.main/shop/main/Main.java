package shop.main;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import shop.price.Tariff;
import shop.price.Tariffs;
import shop.words.Words;

/** Sells for a while; holds all the while what the JDK knows of its modules, and says at the end what has become of it. */
public final class Main {
    private static final int ROUNDS = 60;
    private static final Module ME = Main.class.getModule();
    private static final ModuleDescriptor DESCRIPTOR = ME.getDescriptor();

    private Main() {}

    /** Not exported, so that its proxies belong to a module that the JDK makes. */
    interface Quiet {
        int next(int number);
    }

    public static void main(String[] arguments) throws Exception {
        ModuleLayer layer = ME.getLayer();
        Configuration configuration = layer.configuration();
        Module price = layer.findModule("shop.price").orElseThrow();
        Module local = layer.findModule("shop.local").orElseThrow();
        Module unnamed = ClassLoader.getSystemClassLoader().getUnnamedModule();
        ME.addReads(local);
        ME.addReads(unnamed);
        ME.addOpens("shop.main", local);
        ME.addExports("shop.main.secret", local);
        ME.addUses(Supplier.class);
        ResolvedModule resolved = configuration.findModule("shop.main").orElseThrow();
        ModuleReference reference = resolved.reference();
        ModuleReader reader = reference.open();
        Iterator<Tariff> found = Tariffs.lookedFor();
        Tariff first = found.next();
        List<ServiceLoader.Provider<Tariff>> providers = Tariffs.providers();
        Method priceOf = Class.forName("shop.local.Half").getMethod("priceOf", int.class);
        ResourceBundle texts = ResourceBundle.getBundle("shop.main.texts");
        Quiet quiet = (Quiet) Proxy.newProxyInstance(
                Main.class.getClassLoader(),
                new Class<?>[] {Quiet.class},
                (proxy, method, numbers) -> ((Integer) numbers[0]) + 1);
        BufferedReader resource = new BufferedReader(
                new InputStreamReader(Main.class.getResourceAsStream("texts.properties"), StandardCharsets.UTF_8));

        sell(priceOf);

        say("reads", ME.canRead(price), ME.canRead(local), ME.canRead(unnamed));
        say("opens", ME.isOpen("shop.main", local), ME.isOpen("shop.main", price));
        say("exports", ME.isExported("shop.main.secret", local), ME.isExported("shop.main.secret", price));
        say("uses", ME.canUse(Supplier.class), ME.canUse(Runnable.class));
        say("same", ME == Main.class.getModule(), DESCRIPTOR == ME.getDescriptor(), layer == ModuleLayer.boot());
        say("configuration", configuration == layer.configuration(), resolved.reads().size());
        say("reference", reference.descriptor() == DESCRIPTOR, reference.location().isPresent());
        say("reader", reader.find("shop/main/texts.properties").isPresent(), new String(read(reader)).trim());
        say("services", first.name(), found.next().name(), found.hasNext());
        for (ServiceLoader.Provider<Tariff> provider : providers) {
            say("provider", provider.type().getName(), provider.get().name());
        }
        say("texts", texts.getString("greeting"), resource.readLine());
        say("proxy", quiet.next(3), quiet.getClass().getModule().isNamed());
        say("automatic", Words.class.getModule().getDescriptor().isAutomatic(), Words.next());
    }

    private static byte[] read(ModuleReader reader) throws IOException {
        return reader.open("shop/main/texts.properties").orElseThrow().readAllBytes();
    }

    private static void sell(Method priceOf) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (int round = 0; round < ROUNDS; round++) {
            int goods = round;
            StringBuilder line = new StringBuilder().append(round);
            for (Tariff tariff : Tariffs.all()) {
                line.append(' ').append(tariff.name()).append(' ');
                line.append(pool.submit(() -> tariff.priceOf(goods)).get());
                if (priceOf.getDeclaringClass().isInstance(tariff)) {
                    line.append(" then ").append(priceOf.invoke(tariff, goods));
                }
            }
            System.out.println(line.append(' ').append(Words.next()));
            boolean slow = new File(System.getProperty("pace.slow", "no such file")).exists();
            Thread.sleep(slow ? 500 : 10);
        }
        pool.shutdown();
    }

    private static void say(String what, Object... facts) {
        System.out.println(what + ": " + List.of(facts));
    }
}
