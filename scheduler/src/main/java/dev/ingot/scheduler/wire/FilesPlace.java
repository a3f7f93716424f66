package dev.ingot.scheduler.wire;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where a workload finds its files: a directory of the same name on every node, since a program that moves keeps the names of files it has
 * open. Nobody can know its name before there is one, so nobody can have another one there.
 */
public final class FilesPlace {
    /** A directory that every machine has, on a disk rather than in memory, and in which everybody may make some. */
    public static final Path ROOT = Path.of("/var/tmp");

    private static final String PREFIX = "ingot-files-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{32}");
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private FilesPlace() {}

    /** One that no other workload has. */
    public static Path next() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return ROOT.resolve(PREFIX + HexFormat.of().formatHex(random));
    }

    /** Whether a directory's name can be that of one. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
