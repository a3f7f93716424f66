package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.Seal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The image in an archive. Nothing of the archive is believed, its numbers least. Each pack is read from its start to its end. */
final class ArchivedImage implements CarriedImage {
    private static final int PARTS_OF_OWN = 3;
    private static final int PARTS_OF_EARLIER = 4;

    private final ZipFile zip;
    private final Path file;
    private final String name;
    private final String directory;
    private final boolean sealed;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<ZipEntry> entries = new ArrayList<>();
    private final List<List<Piece>> packs = new ArrayList<>();
    private long bytesLeft = ManifestReader.MAX_BYTES;
    private @Nullable InputStream in;
    private int pack;
    private int next;

    ArchivedImage(Path file, ZipFile zip) throws IOException {
        this.zip = zip;
        this.file = file;
        String[] path = entryPath();
        this.name = path[0];
        this.directory = path[1];
        this.sealed = zip.getEntry(home() + ImageHandle.SEAL) != null;
        int earlier = earlier();
        for (String each : ImageFiles.beside(sealed, earlier)) {
            files.put(each, content(each));
        }
        for (int i = 0; i < earlier; i++) {
            addPack(ImageHandle.before(i) + '/');
        }
        addPack("");
    }

    private String home() {
        return name + '/' + directory + '/';
    }

    private String[] entryPath() throws ImageException {
        if (!zip.entries().hasMoreElements()) {
            throw invalid("it has no entry");
        }
        String[] path = zip.entries().nextElement().getName().split("/", -1);
        boolean deep = path.length == PARTS_OF_OWN || path.length == PARTS_OF_EARLIER;
        if (!deep || !ImageName.isValid(path[0]) || !ImageStore.isImageDirectory(path[1])) {
            throw invalid("its first entry is not that of an image");
        }
        return path;
    }

    /** How many earlier images this one goes on. */
    private int earlier() throws IOException {
        if (!sealed) {
            return manifest(ImageHandle.MANIFEST).before().size();
        }
        try {
            return Seal.parse(content(ImageHandle.SEAL)).beforeBytes().size();
        } catch (KeyException damaged) {
            throw ImageException.ofKey(file, damaged);
        }
    }

    private Manifest manifest(String entry) throws IOException {
        return new ManifestReader(file, null).parseChecked(content(entry));
    }

    private ZipEntry require(String entry) throws ImageException {
        ZipEntry found = zip.getEntry(home() + entry);
        if (found == null) {
            throw invalid("it has no " + home() + entry);
        }
        if (found.getMethod() != ZipEntry.STORED) {
            // What unpacks to a thousand times its size is not even begun.
            throw invalid(entry + " is compressed, and exported images hold their files as they are");
        }
        return found;
    }

    private byte[] content(String entry) throws IOException {
        byte[] known = files.get(entry);
        if (known != null) {
            return known;
        }
        try (InputStream stream = zip.getInputStream(require(entry))) {
            byte[] content = stream.readNBytes((int) bytesLeft + 1);
            if (content.length > bytesLeft) {
                throw invalid(entry + " is too large");
            }
            bytesLeft -= content.length;
            files.put(entry, content);
            return content;
        }
    }

    private void addPack(String place) throws IOException {
        ZipEntry entry = require(place + ImageHandle.PACK);
        entries.add(entry);
        packs.add(sealed ? cut(entry) : LocalPack.pieces(manifest(place + ImageHandle.MANIFEST)));
    }

    private List<Piece> cut(ZipEntry entry) throws IOException {
        List<Piece> cut = new ArrayList<>();
        try (InputStream stream = zip.getInputStream(entry)) {
            for (byte[] content = stream.readNBytes(LocalPack.CUT_BYTES);
                    content.length > 0;
                    content = stream.readNBytes(LocalPack.CUT_BYTES)) {
                cut.add(new Piece(Sha256.of(content, content.length), content.length));
            }
        }
        return cut;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String directory() {
        return directory;
    }

    @Override
    public List<List<Piece>> packs() {
        return List.copyOf(packs);
    }

    @Override
    public byte[] read(int wanted, int piece) throws IOException {
        InputStream open = in;
        if (open == null || wanted != pack || piece < next) {
            close();
            open = zip.getInputStream(entries.get(wanted));
            in = open;
            pack = wanted;
            next = 0;
        }
        List<Piece> pieces = packs.get(wanted);
        for (; next < piece; next++) {
            open.skipNBytes(pieces.get(next).bytes());
        }
        next++;
        return open.readNBytes(pieces.get(piece).bytes());
    }

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> inOrder = new LinkedHashMap<>();
        for (String each : ImageFiles.beside(sealed, packs.size() - 1)) {
            byte[] content = files.get(each);
            assert content != null;
            inOrder.put(each, content);
        }
        return inOrder;
    }

    private ImageException invalid(String what) {
        return new ImageException(ImageProblem.INVALID, file, "cannot import " + file + ": " + what);
    }

    @Override
    public void close() throws IOException {
        InputStream open = in;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
