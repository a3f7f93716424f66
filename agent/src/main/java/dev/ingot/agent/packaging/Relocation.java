package dev.ingot.agent.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Gives the classes of a library names of Ingot's own. A class loader of one's own is enough for the program not to meet them; but
 * what the JVM is told about classes by their names must not hold for the program's copy of the same library.
 */
public final class Relocation {
    private static final String SUFFIX = ".classdata";

    private final String from;
    private final String to;

    private Relocation(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Renames a package with all below it, and every mention of it in the classes of some packages.
     *
     * @param arguments the directory of the classes; the package and its new name, with slashes at their ends too; the
     *     directories below, beside the package, whose classes mention it
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Relocation relocation = new Relocation(arguments[1], arguments[2]);
        for (String mentioning : List.of(arguments).subList(3, arguments.length)) {
            relocation.replaceMentions(root.resolve(mentioning));
        }
        Path old = root.resolve(relocation.from);
        relocation.replaceMentions(old);
        Path renamed = root.resolve(relocation.to);
        Files.createDirectories(renamed.getParent());
        Files.move(old, renamed);
    }

    private void replaceMentions(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(SUFFIX)).forEach(this::replaceMentionsIn);
        }
    }

    private void replaceMentionsIn(Path file) {
        try {
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(Files.readAllBytes(file)).accept(new ClassRemapper(writer, new Names()), 0);
            Files.write(file, writer.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot rename the classes that " + file + " names", failure);
        }
    }

    private final class Names extends Remapper {
        Names() {
            super(Opcodes.ASM9);
        }

        @Override
        public String map(String internalName) {
            return internalName.startsWith(from) ? to + internalName.substring(from.length()) : internalName;
        }
    }
}
