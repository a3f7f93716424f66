// FNV-1a hashes of records, a byte in a cycle.
//
// Arguments: word addresses of the records and of the hashes, bytes of a record, records. A record begins at a word.
//
// All registers are on the scan chain; hash.scan names them in the order in which they leave it.
`default_nettype none
module hash #(
    parameter WIDTH = 64
) (
    input wire clk,
    input wire rst,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out,
    input wire write,
    input wire [7:0] waddr,
    input wire [31:0] wdata,
    input wire [7:0] raddr,
    output reg [31:0] rdata,
    output wire mem_valid,
    output wire mem_write,
    output wire [31:0] mem_addr,
    output wire [WIDTH-1:0] mem_wdata,
    input wire [WIDTH-1:0] mem_rdata,
    input wire mem_ready,
    output wire irq
);
  localparam [31:0] ID = 32'h48530001;
  localparam [63:0] BASIS = 64'hcbf29ce484222325;
  localparam [63:0] PRIME = 64'h00000100000001b3;
  localparam [1:0] LOAD = 0, MIX = 1, STORE = 2;

  reg [31:0] arg_records, arg_hashes, arg_width, arg_count, arg_4, arg_5;
  reg busy, done;
  reg [1:0] phase;
  reg [31:0] cycles, next_in, next_out, left, record;
  reg [2:0] lane;
  reg [63:0] bytes, sum;

  wire [63:0] mixed = (sum ^ {56'd0, bytes[7:0]}) * PRIME;

  assign mem_valid = busy && phase != MIX && !scan_en;
  assign mem_write = phase == STORE;
  assign mem_addr = phase == STORE ? next_out : next_in;
  assign mem_wdata = sum;
  assign irq = done;
  assign scan_out = cycles[31];

  always @(posedge clk)
    if (rst) begin
      {arg_records, arg_hashes, arg_width, arg_count, arg_4, arg_5} <= 0;
      {cycles, busy, done, phase, lane, next_in, next_out, left, record, bytes, sum} <= 0;
    end else if (scan_en)
      {cycles, busy, done, phase, lane, next_in, next_out, left, record,
       arg_records, arg_hashes, arg_width, arg_count, arg_4, arg_5, bytes, sum} <=
      {cycles[30:0], busy, done, phase, lane, next_in, next_out, left, record,
       arg_records, arg_hashes, arg_width, arg_count, arg_4, arg_5, bytes, sum, scan_in};
    else begin
      if (write)
        case (waddr)
          8'h10: arg_records <= wdata;
          8'h14: arg_hashes <= wdata;
          8'h18: arg_width <= wdata;
          8'h1c: arg_count <= wdata;
          8'h20: arg_4 <= wdata;
          8'h24: arg_5 <= wdata;
          default: ;
        endcase
      if (write && waddr == 8'h00 && wdata[0] && !busy) begin
        busy <= 1;
        done <= 0;
        phase <= arg_width == 0 ? STORE : LOAD;
        {lane, record, cycles} <= 0;
        next_in <= arg_records;
        next_out <= arg_hashes;
        left <= arg_width;
        sum <= BASIS;
      end else if (busy) begin
        cycles <= cycles + 1;
        case (phase)
          LOAD:
          if (mem_ready) begin
            bytes <= mem_rdata;
            next_in <= next_in + 1;
            phase <= MIX;
          end
          MIX: begin
            sum <= mixed;
            bytes <= bytes >> 8;
            lane <= lane + 1;
            left <= left - 1;
            if (left == 1) phase <= STORE;
            else if (lane == 7) phase <= LOAD;
          end
          default:
          if (mem_ready) begin
            next_out <= next_out + 1;
            record <= record + 1;
            lane <= 0;
            left <= arg_width;
            sum <= BASIS;
            phase <= arg_width == 0 ? STORE : LOAD;
            if (record + 1 == arg_count) begin
              busy <= 0;
              done <= 1;
            end
          end
        endcase
      end
    end

  always @(*)
    case (raddr)
      8'h04: rdata = {30'd0, done, busy};
      8'h08: rdata = ID;
      8'h0c: rdata = cycles;
      8'h10: rdata = arg_records;
      8'h14: rdata = arg_hashes;
      8'h18: rdata = arg_width;
      8'h1c: rdata = arg_count;
      8'h20: rdata = arg_4;
      8'h24: rdata = arg_5;
      default: rdata = 0;
    endcase
endmodule
`default_nettype wire
