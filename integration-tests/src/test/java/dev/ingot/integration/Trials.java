package dev.ingot.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Puts the directories of runs where the build keeps them, so that those of failed tests can be looked at. */
public final class Trials implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws Exception {
        Path all = Files.createDirectories(Path.of("target", "trials"));
        String name = context.getRequiredTestClass().getSimpleName() + "-"
                + context.getDisplayName().replaceAll("[^A-Za-z0-9]+", "-");
        return Files.createTempDirectory(all, name + "-").toAbsolutePath();
    }
}
