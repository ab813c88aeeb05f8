#include "output/epoch_log.h"

#include <format>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace leukolens::train {
namespace {

constexpr std::string_view kHeader = "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds,kept\n";

void write(const std::filesystem::path& path, std::string_view text, std::ios::openmode mode) {
  std::ofstream stream(path, std::ios::binary | mode);
  if (!(stream << text).flush())
    throw std::runtime_error(std::format("Cannot write the log {}.", path.string()));
}

}  // namespace

Observer with_log(const Observer& observer, const std::filesystem::path& path, bool goes_on) {
  if (!goes_on || !std::filesystem::exists(path)) write(path, kHeader, std::ios::trunc);
  Observer logging = observer;
  logging.on_epoch = [observer, path](const Epoch& epoch, bool kept) {
    observer.on_epoch(epoch, kept);
    write(path,
          std::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.3f},{}\n", epoch.number, epoch.loss, epoch.accuracy,
                      epoch.validation_loss, epoch.validation_accuracy, epoch.seconds, kept ? 1 : 0),
          std::ios::app);
  };
  logging.on_restart = [observer, path](const Restart& restart) {
    observer.on_restart(restart);
    write(path, kHeader, std::ios::trunc);
  };
  return logging;
}

}  // namespace leukolens::train
