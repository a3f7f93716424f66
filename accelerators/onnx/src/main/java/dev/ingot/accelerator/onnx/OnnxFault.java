package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OrtException;
import dev.ingot.accelerator.DeviceFault;
import java.util.Map;

/** What the engine answered. */
final class OnnxFault {

    private OnnxFault() {}

    static DeviceFault of(OrtException failed, String attempt) {
        DeviceFault.Code code = switch (failed.getCode()) {
            case ORT_INVALID_ARGUMENT -> DeviceFault.Code.INVALID_ARGUMENT;
            case ORT_NOT_IMPLEMENTED -> DeviceFault.Code.UNSUPPORTED;
            case ORT_INVALID_GRAPH, ORT_INVALID_PROTOBUF -> DeviceFault.Code.COMPILE;
            default -> DeviceFault.Code.PROTOCOL;
        };
        return new DeviceFault(
                code,
                DeviceFault.Scope.COMMAND,
                false,
                attempt + ": " + failed.getMessage(),
                Map.of("onnxruntime.error", failed.getCode().name()),
                failed);
    }
}
