package dev.ingot.store.s3;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Stores a large object in parts, each of which is compared with its checksum and tried again for itself. The object is there once all
 * of them are; what fails before takes no room.
 */
final class MultipartUpload {
    /** Larger objects are stored in parts. */
    static final int LARGEST_WHOLE = 16 << 20;

    /** No part but the last may be smaller than 5 MiB. */
    private static final int PART = 8 << 20;

    private final S3Client client;
    private final String bucket;
    private final String key;

    MultipartUpload(S3Client client, String bucket, String key) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
    }

    /**
     * Stores the object.
     *
     * @param onlyIfAbsent whether to refuse, with status 412, where there is one
     * @throws SdkException if that fails
     */
    void store(byte[] content, boolean onlyIfAbsent) {
        String upload = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (int offset = 0; offset < content.length; offset += PART) {
                parts.add(storePart(upload, parts.size() + 1, content, offset));
            }
            CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                    .bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(all -> all.parts(parts));
            if (onlyIfAbsent) {
                request.ifNoneMatch("*");
            }
            client.completeMultipartUpload(request.build());
        } catch (SdkException failure) {
            giveUp(upload, failure);
            throw failure;
        }
    }

    private CompletedPart storePart(String upload, int number, byte[] content, int offset) {
        int length = Math.min(PART, content.length - offset);
        String checksum = Checksums.sha256(content, offset, length);
        UploadPartResponse response = client.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .checksumSHA256(checksum),
                RequestBody.fromRemainingByteBuffer(ByteBuffer.wrap(content, offset, length)));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(response.eTag())
                .checksumSHA256(checksum)
                .build();
    }

    private void giveUp(String upload, SdkException failure) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException second) {
            failure.addSuppressed(second);
        }
    }
}
