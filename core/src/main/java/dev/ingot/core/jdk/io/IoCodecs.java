package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.ArrayList;
import java.util.List;

/** The codecs and resolvers of this package. Loading them touches none of the classes they are for. */
public final class IoCodecs {
    private IoCodecs() {}

    /** The codecs under {@link FilePolicy#strict()}. */
    public static List<ObjectCodec<?>> codecs() {
        return codecs(FilePolicy.strict());
    }

    /** The codecs under a policy for files, for one image: they note what they learn of the process. */
    public static List<ObjectCodec<?>> codecs(FilePolicy policy) {
        OpenFiles files = new OpenFiles(policy);
        OpenSockets sockets = new OpenSockets();
        return List.of(
                new FileDescriptorCodec(files),
                new FileStreamCodec(),
                new FileChannelCodec(),
                new AsynchronousFileChannelCodec(),
                new StringReaderCodec(),
                new JarConnectionCodec(),
                new BufferCodec(policy),
                new UnmapperCodec(policy),
                new InflaterCodec(),
                new DeflaterCodec(),
                new InflaterStreamCodec(),
                new ZipFileCodec(files),
                new ServerChannelCodec(),
                new SocketChannelCodec(sockets),
                new DatagramChannelCodec(),
                new PipeEndCodec(),
                new NioSocketCodec(sockets),
                new SocketCodec(),
                new ServerSocketCodec(),
                new SelectorCodec(),
                new AsynchronousGroupCodec(),
                new AsynchronousListenerCodec(),
                new AsynchronousSocketCodec(sockets),
                new ProcessCodec(),
                new ZipFileSystemCodec(),
                new RuntimeFileSystemCodec(),
                new DirectoryStreamCodec(),
                new WatchServiceCodec(),
                new InheritedChannelCodec());
    }

    /** The resolvers, which no policy concerns. */
    public static List<ObjectResolver<?>> resolvers() {
        List<ObjectResolver<?>> resolvers = new ArrayList<>();
        resolvers.addAll(FileSystemResolvers.all());
        resolvers.addAll(NetResolvers.all());
        resolvers.addAll(ProcessResolvers.all());
        resolvers.add(new RuntimeFileResolver());
        resolvers.add(new ZipCoderResolver());
        resolvers.add(new InstalledProviderResolver("jdk.nio.zipfs.ZipFileSystemProvider", "jar"));
        resolvers.add(new InstalledProviderResolver("jdk.internal.jrtfs.JrtFileSystemProvider", "jrt"));
        return List.copyOf(resolvers);
    }
}
