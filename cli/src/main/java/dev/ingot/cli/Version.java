package dev.ingot.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version the jar was built with. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"ingot " + current()};
    }

    static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }
}
