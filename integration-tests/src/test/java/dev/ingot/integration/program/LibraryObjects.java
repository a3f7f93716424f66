package dev.ingot.integration.program;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.text.RuleBasedCollator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/** Objects of the JDK that one version keeps otherwise than another. */
public final class LibraryObjects {
    private LibraryObjects() {}

    public static void main(String[] arguments) throws Exception {
        Executor delayed = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run);
        RuleBasedCollator collator = new RuleBasedCollator("< b < a");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:*.{txt,md}");
        SSLParameters parameters = new SSLParameters(new String[] {"TLS_AES_128_GCM_SHA256"});
        parameters.setServerNames(List.of(new SNIHostName("example.org")));
        parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("example[.].*")));
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(round + " " + collator.compare("a", "b")
                    + collator.getCollationKey("ab").toByteArray().length
                    + ' ' + matcher.matches(Path.of("x.md")) + matcher.matches(Path.of("x.c"))
                    + ' ' + parameters.getServerNames()
                    + parameters.getSNIMatchers().size());
        }
        // From its first use on, before JDK 25, it keeps a thread of its own.
        System.out.println(CompletableFuture.supplyAsync(() -> "later", delayed).get());
    }
}
