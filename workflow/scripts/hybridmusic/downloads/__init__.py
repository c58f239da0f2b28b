"""Download data sets and models: verified transfers, the Hugging Face hub, Kaggle."""
