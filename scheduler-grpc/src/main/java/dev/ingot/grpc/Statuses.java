package dev.ingot.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.ingot.scheduler.control.Refusal;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;

/** How refusals are told: a status code, the pool's own words, and details that a program can read. */
final class Statuses {
    static final String DOMAIN = "ingot";
    /** In the details: what HTTP calls it. */
    static final String HTTP_STATUS = "http_status";

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int INSUFFICIENT_STORAGE = 507;

    private Statuses() {}

    static StatusException of(Refusal refusal) {
        return status(refusal.status(), String.valueOf(refusal.getMessage()));
    }

    /** Of a request that cannot be understood. */
    static StatusException malformed(IllegalArgumentException problem) {
        return status(BAD_REQUEST, String.valueOf(problem.getMessage()));
    }

    private static StatusException status(int http, String message) {
        Code code = code(http);
        Status.Builder status = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
        status.addDetails(Any.pack(ErrorInfo.newBuilder()
                .setReason(code.name())
                .setDomain(DOMAIN)
                .putMetadata(HTTP_STATUS, Integer.toString(http))
                .build()));
        if (http == TOO_MANY_REQUESTS || http == UNAVAILABLE) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(1))
                    .build()));
        }
        if (code == Code.INVALID_ARGUMENT) {
            BadRequest.Builder problems = BadRequest.newBuilder();
            message.lines().forEach(line -> problems.addFieldViolationsBuilder().setDescription(line));
            status.addDetails(Any.pack(problems.build()));
        }
        return StatusProto.toStatusException(status.build());
    }

    private static Code code(int status) {
        return switch (status) {
            case BAD_REQUEST -> Code.INVALID_ARGUMENT;
            case UNAUTHORIZED -> Code.UNAUTHENTICATED;
            case FORBIDDEN -> Code.PERMISSION_DENIED;
            case NOT_FOUND -> Code.NOT_FOUND;
            case CONFLICT -> Code.FAILED_PRECONDITION;
            case TOO_MANY_REQUESTS, INSUFFICIENT_STORAGE -> Code.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
            default -> Code.INTERNAL;
        };
    }
}
