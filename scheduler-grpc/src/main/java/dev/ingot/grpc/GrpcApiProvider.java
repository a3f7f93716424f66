package dev.ingot.grpc;

import dev.ingot.scheduler.control.ApiProvider;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.PoolService;
import dev.ingot.scheduler.control.ServedApi;
import java.io.IOException;

/** Serves pools by gRPC; found by {@link java.util.ServiceLoader}. Thread-safe. */
public final class GrpcApiProvider implements ApiProvider {
    @Override
    public String protocol() {
        return "grpc";
    }

    @Override
    public ServedApi serve(PoolService service, Listen listen) throws IOException {
        return GrpcServer.start(service, listen);
    }
}
