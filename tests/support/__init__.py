"""What tests stand on: real engines, one run's folder, and help that is no test itself."""
