package dev.ingot.cli;

import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Looks at what every program under Ingot needs: the agent, a JDK, room for images, a way in. */
final class EnvironmentCheck {
    private static final int OLDEST_JAVA = 17;
    private static final int NEWEST_JAVA = 25;
    private static final long LITTLE_SPACE = 1L << 30;

    private final Diagnosis diagnosis;

    EnvironmentCheck(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    void checkAgent() {
        try {
            diagnosis.fine("agent", Installation.agentJar().toString());
        } catch (CommandException missing) {
            diagnosis.problem("agent", String.valueOf(missing.getMessage()));
        }
    }

    void checkJava(Path java) {
        Path launcher = JavaLauncher.in(java);
        if (!Files.isExecutable(launcher)) {
            diagnosis.problem("java", "there is no java launcher " + launcher + "; name one with --java");
            return;
        }
        try {
            Path home = launcher.toRealPath().resolve("../..").normalize();
            Properties release = new Properties();
            try (var reader = Files.newBufferedReader(home.resolve("release"))) {
                release.load(reader);
            }
            judge(release.getProperty("JAVA_VERSION", "").replace("\"", ""), home);
        } catch (IOException unreadable) {
            diagnosis.warning("java", "cannot tell the version of " + launcher + ": " + unreadable.getMessage());
        }
    }

    private void judge(String version, Path home) {
        String feature = version.split("[.+-]", 2)[0];
        int number = feature.matches("[0-9]{1,4}") ? Integer.parseInt(feature) : 0;
        if (number >= OLDEST_JAVA && number <= NEWEST_JAVA) {
            diagnosis.fine("java", version + " at " + home);
        } else {
            diagnosis.problem(
                    "java",
                    "version " + version + " at " + home + " is not among " + OLDEST_JAVA + " to " + NEWEST_JAVA
                            + ", with which Ingot works");
        }
    }

    void checkImages(Path directory) {
        Path existing = directory;
        while (!Files.exists(existing)) {
            existing = existing.resolve("..").normalize();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            diagnosis.problem("images", existing + " is not a writable directory; choose another with --images");
            return;
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String text = directory + ", " + Amount.bytes(free) + " free";
            if (free < LITTLE_SPACE) {
                diagnosis.warning("images", text + "; an image takes about a third of the live heap");
            } else {
                diagnosis.fine("images", text);
            }
        } catch (IOException failure) {
            diagnosis.problem("images", "cannot look at " + existing + ": " + failure.getMessage());
        }
    }

    void checkControl() {
        try {
            ControlDirectory directory = ControlDirectory.ofThisUser();
            directory.check();
            diagnosis.fine("control", directory.path().toString());
        } catch (ControlException unsafe) {
            diagnosis.problem("control", String.valueOf(unsafe.getMessage()));
        }
    }
}
