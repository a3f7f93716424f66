package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;

/** What stands for the operating system's files: the default file system, its provider, its stores and paths in it. */
final class FileSystemResolvers {
    private FileSystemResolvers() {}

    static List<ObjectResolver<?>> all() {
        return List.of(new PathResolver(), new SystemResolver(), new ProviderResolver(), new StoreResolver());
    }

    /** Held lazily, and not had from {@code FileSystems}, where a program may have put a file system of its own. */
    private static final class Native {
        private static final Class<?> SYSTEM = JdkClass.of("sun.nio.fs.UnixFileSystem");
        private static final Class<?> PATH = JdkClass.of("sun.nio.fs.UnixPath");
        static final Slot BYTES = Slot.of(PATH, "path");
        static final Slot STORE_FILE = Slot.of(JdkClass.of("sun.nio.fs.UnixFileStore"), "file");
        private static final JdkCall NEW_PATH = JdkCall.constructor(PATH, SYSTEM, byte[].class);
        private static final JdkCall DEFAULT =
                JdkCall.of(JdkClass.of("sun.nio.fs.DefaultFileSystemProvider"), "theFileSystem");

        private Native() {}

        static FileSystem system() {
            return (FileSystem) pure(DEFAULT);
        }

        static Path path(Object bytes) {
            return (Path) pure(NEW_PATH, system(), bytes);
        }

        private static Object pure(JdkCall method, Object... arguments) {
            try {
                return method.result(null, arguments);
            } catch (IOException e) {
                throw new IllegalStateException("naming a file does no input or output", e);
            }
        }
    }

    private static final class PathResolver implements ObjectResolver<Path> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("sun.nio.fs.UnixPath");
        }

        /** The bytes and not the text, since a name need not be text in the encoding of the platform. */
        @Override
        public Object[] describe(Path path) {
            Object bytes = Native.BYTES.get(path);
            return bytes == null ? new Object[] {new byte[0]} : new Object[] {bytes};
        }

        @Override
        public Path resolve(Class<?> type, Object[] description) {
            return Native.path(description[0]);
        }
    }

    private static final class SystemResolver implements ObjectResolver<FileSystem> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("sun.nio.fs.LinuxFileSystem");
        }

        @Override
        public Object[] describe(FileSystem system) {
            return new Object[0];
        }

        @Override
        public FileSystem resolve(Class<?> type, Object[] description) {
            return Native.system();
        }
    }

    private static final class ProviderResolver implements ObjectResolver<FileSystemProvider> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("sun.nio.fs.LinuxFileSystemProvider");
        }

        @Override
        public Object[] describe(FileSystemProvider provider) {
            return new Object[0];
        }

        @Override
        public FileSystemProvider resolve(Class<?> type, Object[] description) {
            return Native.system().provider();
        }
    }

    private static final class StoreResolver implements ObjectResolver<FileStore> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("sun.nio.fs.LinuxFileStore");
        }

        @Override
        public Object[] describe(FileStore store) {
            return new Object[] {String.valueOf(Native.STORE_FILE.get(store))};
        }

        @Override
        public FileStore resolve(Class<?> type, Object[] description) throws NotRestorableException {
            Path file = Native.system().getPath((String) description[0]);
            try {
                return Files.getFileStore(file);
            } catch (IOException e) {
                throw new NotRestorableException(
                        "cannot find the file store of " + file + " again: " + e.getMessage() + "; put the file back",
                        e);
            }
        }
    }
}
