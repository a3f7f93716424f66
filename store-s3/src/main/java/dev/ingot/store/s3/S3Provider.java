package dev.ingot.store.s3;

import dev.ingot.store.ObjectStore;
import dev.ingot.store.ObjectStoreProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Opens {@code s3://BUCKET/PREFIX}. Credentials, region and endpoint are found where the AWS SDK looks for them: environment, files of
 * {@code ~/.aws}, the host's role. {@code ?endpoint=URL} and {@code ?region=NAME} name them for one address.
 */
public final class S3Provider implements ObjectStoreProvider {
    private static final int MOST_ATTEMPTS = 6;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(30);
    private static final String ENDPOINT = "endpoint";
    private static final String REGION = "region";

    /** For the service loader. */
    public S3Provider() {}

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public ObjectStore open(URI address) throws IOException {
        String bucket = address.getAuthority();
        if (bucket == null || bucket.isEmpty()) {
            throw new IOException("cannot open " + address + ": it must be like s3://BUCKET/PREFIX");
        }
        String path = address.getPath();
        String prefix = path.isEmpty() || path.equals("/") ? "" : path.substring(1) + (path.endsWith("/") ? "" : "/");
        try {
            return new S3ObjectStore(client(parameters(address)), bucket, prefix);
        } catch (SdkException | IllegalArgumentException failure) {
            throw new IOException("cannot open " + address + ": " + failure.getMessage(), failure);
        }
    }

    private static Map<String, String> parameters(URI address) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        String query = address.getQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (equals < 0 || !(name.equals(ENDPOINT) || name.equals(REGION))) {
                    throw new IOException("cannot open " + address + ": there is no parameter '" + name
                            + "'; there are endpoint and region");
                }
                parameters.put(name, pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    static S3Client client(Map<String, String> parameters) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(READ))
                .overrideConfiguration(
                        options -> options.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(MOST_ATTEMPTS)
                                .build()));
        String region = parameters.get(REGION);
        String endpoint = parameters.get(ENDPOINT);
        if (endpoint != null) {
            // Servers beside AWS's rarely have a name of their own for each bucket, or regions.
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
            region = region == null ? "us-east-1" : region;
        }
        if (region != null) {
            builder.region(Region.of(region));
        }
        return builder.build();
    }
}
