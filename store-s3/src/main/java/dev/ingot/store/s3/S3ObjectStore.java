package dev.ingot.store.s3;

import dev.ingot.store.ObjectStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket below a prefix. The server compares each object, or each part of a large one, with its SHA-256 before it keeps it. Requests that fail for reasons
 * that pass are tried again by the SDK.
 */
final class S3ObjectStore implements ObjectStore {
    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int MOST_CONFLICTS = 10;

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    /** @param prefix empty, or ends with a slash */
    S3ObjectStore(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    @Override
    public List<String> children(String below) throws IOException {
        String whole = prefix + below;
        return asking("list", below, () -> {
            List<String> names = new ArrayList<>();
            for (CommonPrefix common : client.listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(whole).delimiter("/"))
                    .commonPrefixes()) {
                names.add(common.prefix()
                        .substring(whole.length(), common.prefix().length() - 1));
            }
            return names;
        });
    }

    @Override
    public List<Entry> list(String below) throws IOException {
        return asking("list", below, () -> {
            List<Entry> entries = new ArrayList<>();
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(prefix + below))
                    .contents()) {
                entries.add(new Entry(object.key().substring(prefix.length()), object.size(), object.lastModified()));
            }
            return entries;
        });
    }

    @Override
    public byte[] read(String key, long most) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in =
                client.getObject(request -> request.bucket(bucket).key(prefix + key))) {
            byte[] content = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            if (content.length > most) {
                in.abort();
                throw new IOException("object " + key + " of " + this + " is longer than " + most + " bytes");
            }
            return content;
        } catch (NoSuchKeyException missing) {
            NoSuchFileException reported = new NoSuchFileException(key, null, "there is no such object in " + this);
            reported.initCause(missing);
            throw reported;
        } catch (SdkException failure) {
            throw failed("read", key, failure);
        }
    }

    @Override
    public void put(String key, byte[] content) throws IOException {
        boolean unused = asking("write", key, () -> store(key, content, false));
    }

    @Override
    public boolean create(String key, byte[] content) throws IOException {
        for (int conflicts = 0; ; conflicts++) {
            try {
                store(key, content, true);
                return true;
            } catch (S3Exception refused) {
                if (refused.statusCode() == PRECONDITION_FAILED) {
                    return false;
                }
                // Somebody else is storing it in this moment; who of the two was first shows when it is tried again.
                if (refused.statusCode() != CONFLICT || conflicts == MOST_CONFLICTS) {
                    throw failed("create", key, refused);
                }
            } catch (SdkException failure) {
                throw failed("create", key, failure);
            }
        }
    }

    private boolean store(String key, byte[] content, boolean onlyIfAbsent) {
        if (content.length > MultipartUpload.LARGEST_WHOLE) {
            new MultipartUpload(client, bucket, prefix + key).store(content, onlyIfAbsent);
            return true;
        }
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(prefix + key)
                .checksumSHA256(Checksums.sha256(content, 0, content.length));
        if (onlyIfAbsent) {
            request.ifNoneMatch("*");
        }
        client.putObject(request.build(), RequestBody.fromBytes(content));
        return true;
    }

    @Override
    public void delete(String key) throws IOException {
        asking(
                "delete",
                key,
                () -> client.deleteObject(request -> request.bucket(bucket).key(prefix + key)));
    }

    private <T> T asking(String what, String key, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException failure) {
            throw failed(what, key, failure);
        }
    }

    private IOException failed(String what, String key, SdkException failure) {
        return new IOException("cannot " + what + " " + this + key + ": " + failure.getMessage(), failure);
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
