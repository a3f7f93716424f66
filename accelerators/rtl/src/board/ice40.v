// A slot on a board with nine pins: block memory for the card's, and frames in the place of AXI4-Lite and of copies.
//
// While `select` is high, frames of 2 + 10 + WIDTH bits come in, highest bit first: what to do, an address, a value. When it falls, the
// frame is done: 0 writes a register, 1 reads one, 2 writes a word of the memory, 3 reads one. What was read leaves with the next
// frame. Registers are addressed by bytes, memory by words.
`default_nettype none
module ice40 #(
    parameter WIDTH = 64
) (
    input wire clk,
    input wire rst,
    input wire select,
    input wire data_in,
    output wire data_out,
    output wire irq,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out
);
  localparam BITS = 2 + 10 + WIDTH;

  reg [BITS-1:0] frame;
  reg selected, acting;
  wire [1:0] action = frame[BITS-1-:2];
  wire [9:0] address = frame[BITS-3-:10];
  wire [WIDTH-1:0] value = frame[WIDTH-1:0];
  assign data_out = frame[WIDTH-1];

  // ---- memory; a read is answered a cycle after it was asked for

  reg [WIDTH-1:0] memory[0:255];
  reg [WIDTH-1:0] word;
  reg answered;
  wire valid, write;
  wire [31:0] asked;
  wire [WIDTH-1:0] stored;
  wire ready = valid && (write || answered);
  wire from_board = acting && action[1];
  wire [7:0] place = from_board ? address[7:0] : asked[7:0];

  always @(posedge clk) begin
    word <= memory[place];
    answered <= valid && !write && !answered && !from_board && !rst;
    if (from_board ? action == 2 : valid && write) memory[place] <= from_board ? value : stored;
  end

  // ---- frames

  wire [31:0] rdata;
  wire rvalid, bvalid;
  reg loading;

  always @(posedge clk)
    if (rst) begin
      selected <= 0;
      acting <= 0;
      loading <= 0;
    end else begin
      selected <= select;
      if (selected && !select) acting <= 1;
      if (select) frame <= {frame[BITS-2:0], data_in};
      if (acting)
        case (action)
          2'd0: if (bvalid) acting <= 0;
          2'd1:
          if (rvalid) begin
            acting <= 0;
            frame[31:0] <= rdata;
          end
          2'd2: acting <= 0;
          default: begin
            loading <= 1;
            acting <= 0;
          end
        endcase
      if (loading) begin
        loading <= 0;
        frame[WIDTH-1:0] <= word;
      end
    end

  slot #(
      .WIDTH(WIDTH)
  ) slot (
      .clk(clk),
      .rst(rst),
      .scan_en(scan_en),
      .scan_in(scan_in),
      .scan_out(scan_out),
      .awvalid(acting && action == 0 && !bvalid),
      .awready(),
      .awaddr(address[7:0]),
      .wvalid(acting && action == 0 && !bvalid),
      .wready(),
      .wdata(value[31:0]),
      .bvalid(bvalid),
      .bready(1'b1),
      .arvalid(acting && action == 1 && !rvalid),
      .arready(),
      .araddr(address[7:0]),
      .rvalid(rvalid),
      .rready(1'b1),
      .rdata(rdata),
      .mem_valid(valid),
      .mem_write(write),
      .mem_addr(asked),
      .mem_wdata(stored),
      .mem_rdata(word),
      .mem_ready(ready && !from_board),
      .irq(irq)
  );
endmodule
`default_nettype wire
