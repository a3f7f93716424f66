package dev.ingot.core.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * One image as one file: a ZIP archive whose entries are stored as they are, {@code NAME/DIRECTORY/FILE} each, the pack first. Any tool
 * can take it apart.
 */
public final class ImageArchive {
    /** How messages call a stream, as command lines do. */
    private static final Path STREAM = Path.of("-");

    private ImageArchive() {}

    /**
     * Writes an image into a file, which is replaced at the end if it exists.
     *
     * @throws ImageException if the image is damaged, or the file cannot be written
     */
    public static void export(CarriedImage image, Path file) throws ImageException {
        export(image, file, new FileDisk());
    }

    static void export(CarriedImage image, Path file, Disk disk) throws ImageException {
        Path place = file.toAbsolutePath();
        Path unfinished = place.resolveSibling("." + place.getFileName() + ".unfinished");
        try {
            disk.deleteTree(unfinished);
            try (Disk.Output output = disk.create(unfinished);
                    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(new DiskStream(output)))) {
                write(image, zip);
                zip.finish();
                zip.flush();
                output.force();
            }
            disk.move(unfinished, place);
        } catch (IOException failure) {
            deleteAfter(failure, unfinished, disk);
            throw failure instanceof ImageException known ? known : ImageException.whileWriting(place, failure);
        }
    }

    private static void deleteAfter(IOException failure, Path unfinished, Disk disk) {
        try {
            disk.deleteTree(unfinished);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /**
     * Writes an image into a stream, which stays open.
     *
     * @throws ImageException if the image is damaged, or the stream cannot be written; what was written until then is no archive
     */
    public static void export(CarriedImage image, OutputStream out) throws ImageException {
        try {
            ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out));
            write(image, zip);
            zip.finish();
            zip.flush();
        } catch (IOException failure) {
            throw failure instanceof ImageException known
                    ? known
                    : new ImageException(
                            ImageProblem.STORAGE,
                            STREAM,
                            "cannot export image " + image.name() + "/" + image.directory() + ": "
                                    + failure.getMessage(),
                            failure);
        }
    }

    /** Writes to an output that its owner closes. */
    private static final class DiskStream extends OutputStream {
        private final Disk.Output output;

        DiskStream(Disk.Output output) {
            this.output = output;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            output.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private static void write(CarriedImage image, ZipOutputStream zip) throws IOException {
        String home = image.name() + '/' + image.directory() + '/';
        int own = image.packs().size() - 1;
        for (int pack = 0; pack <= own; pack++) {
            String place = pack == own ? home : home + ImageHandle.before(pack) + '/';
            writePack(image, pack, place + ImageHandle.PACK, zip);
        }
        for (Map.Entry<String, byte[]> file : image.files().entrySet()) {
            CRC32 ofFile = new CRC32();
            ofFile.update(file.getValue());
            begin(zip, home + file.getKey(), file.getValue().length, ofFile);
            zip.write(file.getValue());
            zip.closeEntry();
        }
    }

    private static void writePack(CarriedImage image, int pack, String name, ZipOutputStream zip) throws IOException {
        List<Piece> pieces = image.packs().get(pack);
        CRC32 checksum = new CRC32();
        long size = 0;
        for (int i = 0; i < pieces.size(); i++) {
            checksum.update(checked(image, pack, i, pieces.get(i)));
            size += pieces.get(i).bytes();
        }
        begin(zip, name, size, checksum);
        for (int i = 0; i < pieces.size(); i++) {
            zip.write(checked(image, pack, i, pieces.get(i)));
        }
        zip.closeEntry();
    }

    private static byte[] checked(CarriedImage image, int pack, int piece, Piece expected) throws IOException {
        byte[] content = image.read(pack, piece);
        if (!expected.is(content)) {
            throw new ImageException(
                    ImageProblem.CORRUPT,
                    Path.of(image.name(), image.directory()),
                    "cannot export image " + image.name() + "/" + image.directory() + ": piece " + piece + " of pack "
                            + pack + " is not what its hash says; the image is damaged");
        }
        return content;
    }

    private static void begin(ZipOutputStream zip, String name, long size, CRC32 checksum) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCompressedSize(size);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
    }

    /**
     * Brings the image in a file into a store. The file is unpacked beside the store's images first, so that nothing of it is believed
     * before it was checked.
     *
     * @throws ImageException if the file holds no image, or a damaged one
     */
    public static ImageCopy restore(Path file, ImageStore store) throws ImageException {
        try (ZipFile zip = new ZipFile(file.toFile());
                ArchivedImage image = new ArchivedImage(file, zip)) {
            return store.receive(image);
        } catch (NoSuchFileException missing) {
            throw ImageException.whileReading(file, missing);
        } catch (IOException failure) {
            if (failure instanceof ImageException known) {
                throw known;
            }
            throw new ImageException(
                    ImageProblem.INVALID,
                    file,
                    "cannot read " + file + ": it holds no image (" + failure.getMessage() + ")",
                    failure);
        }
    }

    /**
     * The same for a stream, of which nothing behind the archive is read. It should be buffered.
     *
     * @throws ImageException if the stream cannot be read, holds no image, or a damaged one
     */
    public static ImageCopy restore(InputStream in, ImageStore store) throws ImageException {
        try (PipedArchive piped = PipedArchive.read(in, STREAM, store)) {
            return piped.receive();
        } catch (IOException failure) {
            throw failure instanceof ImageException known
                    ? known
                    : ImageException.whileWriting(store.directory(), failure);
        }
    }
}
