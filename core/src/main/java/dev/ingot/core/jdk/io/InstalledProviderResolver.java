package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.JdkClass;
import java.nio.file.spi.FileSystemProvider;

/** The one provider that every JVM has for a kind of file systems. */
final class InstalledProviderResolver implements ObjectResolver<FileSystemProvider> {
    private final String type;
    private final String scheme;

    /**
     * @param type the class of the provider, by name
     * @param scheme of the URIs that name its file systems
     */
    InstalledProviderResolver(String type, String scheme) {
        this.type = type;
        this.scheme = scheme;
    }

    @Override
    public boolean accepts(Class<?> candidate) {
        return JdkClass.isJdk(candidate) && candidate.getName().equals(type);
    }

    @Override
    public Object[] describe(FileSystemProvider provider) {
        return new Object[0];
    }

    @Override
    public FileSystemProvider resolve(Class<?> candidate, Object[] description) throws NotRestorableException {
        for (FileSystemProvider provider : FileSystemProvider.installedProviders()) {
            if (provider.getScheme().equals(scheme) && provider.getClass() == candidate) {
                return provider;
            }
        }
        throw new NotRestorableException("cannot find the provider of " + scheme
                + ": file systems; resume with a JDK that has module "
                + candidate.getModule().getName());
    }
}
