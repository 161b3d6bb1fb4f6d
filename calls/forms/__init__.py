"""What is typed about calls, awards and interests; forms never write."""
