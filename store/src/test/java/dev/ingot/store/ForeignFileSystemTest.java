package dev.ingot.store;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;

/** A repository on a file system that is not the JDK's. */
class ForeignFileSystemTest extends RepositoryContract {
    @Override
    protected ObjectStore objects() {
        FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
        return new PathObjectStore(memory.getPath("/images"), memory);
    }

    @Override
    protected int histories() {
        return 100;
    }
}
